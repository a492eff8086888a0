using Notochord.Training;

namespace Notochord.Tests.Training;

public sealed class LearningRateScheduleTests
{
    private static readonly LearningRateSchedule Schedule = new(Top: 1.0, Steps: 110, WarmUpSteps: 10, FinalShare: 0.1);

    [Fact]
    public void Rises_to_the_top_and_falls_to_the_final_share()
    {
        Assert.Equal(1 / 11.0, Schedule.At(0), 12);
        Assert.Equal(10 / 11.0, Schedule.At(9), 12);
        Assert.Equal(1.0, Schedule.At(10), 12);
        Assert.Equal(0.1, Schedule.At(109), 12);
        for (var step = 11; step < 110; step++) Assert.True(Schedule.At(step) < Schedule.At(step - 1));
    }

    [Fact]
    public void Is_half_way_down_in_the_middle() =>
        Assert.Equal(0.55, new LearningRateSchedule(1.0, 101, 0, 0.1).At(50), 12);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public void The_shortest_runs_learn_at_the_top(int steps, int warmUp) =>
        Assert.Equal(1.0, new LearningRateSchedule(1.0, steps, warmUp, 0.1).At(steps - 1), 12);
}
