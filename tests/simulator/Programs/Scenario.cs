using UsageBilling.Tests.Simulator.Time;

namespace UsageBilling.Tests.Simulator.Programs;

/// <summary>What a run is made of. The program (what customers, people and vendors do) follows from the seed alone; the rest disturbs it.</summary>
/// <param name="Days">Virtual nights before the calm end.</param>
/// <param name="Vendors">How often a vendor's call goes wrong, 0 to 0.2.</param>
/// <param name="Below">What goes wrong in processes and database.</param>
/// <param name="People">Whether people act: map, release, refresh, give units, choose bases.</param>
/// <param name="Outage">Nights on which no silo runs, counted from the first.</param>
/// <param name="Still">Nights before which sources do not change, so that an outage hides nothing.</param>
/// <param name="AtOnce">Whether everything that feeds a line is read in one pass and handed over in one transaction. Where it is not, a line may hear of its inputs one
/// after the other, and what it believes on the way depends on the order.</param>
internal sealed record Scenario(
    ulong Seed, int Days, double Vendors, Weather.Rates Below, bool People, (int First, int Nights)? Outage = null, (int First, int Nights)? Still = null, bool AtOnce = false)
{
    /// <summary>Calm nights at the end, in which everything must settle.</summary>
    public const int CalmNights = 4;

    /// <summary>A run with everything that can go wrong, at rates of 1 to 20 % for vendors.</summary>
    public static Scenario Stormy(ulong seed, int days)
    {
        var dice = new Dice(seed).Of("rates");
        var vendors = dice.Happens(0.1) ? 0 : dice.OneOf([0.01, 0.03, 0.08, 0.2]);
        var below = dice.Happens(0.1) ? Weather.Rates.None : new Weather.Rates(
            Crash: dice.OneOf([0, 0.0005, 0.003]), Freeze: dice.OneOf([0, 0.0005, 0.003]), UnknownCommit: dice.OneOf([0, 0.005, 0.03]), Lost: dice.OneOf([0, 0.001, 0.01]));
        (int, int)? outage = dice.Happens(0.3) ? (dice.Between(3, Math.Max(4, days / 2)), dice.OneOf([1, 2, 3, 4, 10, 40])) : null;
        return new(seed, days, vendors, below, People: !dice.Happens(0.1), outage);
    }

    /// <summary>The same program with nothing that disturbs it.</summary>
    public static Scenario Undisturbed(ulong seed, int days) => new(seed, days, 0, Weather.Rates.None, People: false, AtOnce: true);
}
