namespace Notochord.Tests.Runtime.Core;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_one_agreed_on() => Snapshot.Verify(PublicApi.Print(typeof(Backbone).Assembly), name: "PublicApi");
}
