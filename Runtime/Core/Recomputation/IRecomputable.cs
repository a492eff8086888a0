namespace Notochord;

/// <summary>A module that can compute itself again in backward instead of keeping what it computed.</summary>
public interface IRecomputable
{
    /// <summary>Whether it does, in training; otherwise it is plain autograd. <see cref="Backbone.Recompute"/> sets it for a whole model.</summary>
    bool Recompute { get; set; }
}
