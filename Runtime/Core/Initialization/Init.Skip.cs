namespace Notochord;

public static partial class Init
{
    private static readonly AsyncLocal<int> Skipping = new();

    /// <summary>Whether parameters are left as they were allocated.</summary>
    public static bool IsSkipped => Skipping.Value > 0;

    /// <summary>
    /// Until it is disposed, and only in this flow of control, initialisers do nothing: models whose weights are loaded next are built
    /// faster, and hold arbitrary numbers until then.
    /// </summary>
    public static IDisposable Skip()
    {
        Skipping.Value++;
        return new Scope();
    }

    private sealed class Scope : IDisposable
    {
        private bool ended;

        public void Dispose()
        {
            if (!ended)
            {
                ended = true;
                Skipping.Value--;
            }
        }
    }
}
