namespace UsageBilling.Tests.Simulator.Time;

/// <summary>What goes wrong below the hub: processes that die or stand still, commits nobody hears of, locks that cannot be had.</summary>
internal sealed class Weather(Dice dice, Weather.Rates rates)
{
    /// <param name="Crash">Of a process, at any step.</param>
    /// <param name="Freeze">Of a process, at any step.</param>
    /// <param name="UnknownCommit">The connection dies in the commit: it happened or not, and nobody is told.</param>
    /// <param name="Lost">The connection dies in any other step.</param>
    public sealed record Rates(double Crash, double Freeze, double UnknownCommit, double Lost)
    {
        public static Rates None { get; } = new(0, 0, 0, 0);
    }

    public bool Calm { get; set; }

    public bool Crashes() => Strikes(rates.Crash);

    public TimeSpan? Freezes() => Strikes(rates.Freeze)
        ? dice.Happens(0.8) ? dice.Within(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(90)) : dice.Within(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(40))
        : null;

    public bool LosesCommit() => Strikes(rates.UnknownCommit);

    public bool LosesConnection() => Strikes(rates.Lost);

    public bool HeadsOrTails() => dice.Happens(0.5);

    private bool Strikes(double chance) => chance > 0 && dice.Happens(chance) && !Calm;
}
