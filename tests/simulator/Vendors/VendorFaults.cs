using UsageBilling.Interfaces.Vendors;
using UsageBilling.Tests.Simulator.Time;

namespace UsageBilling.Tests.Simulator.Vendors;

/// <summary>What a vendor does wrong: each call draws one fate, until the run is calm.</summary>
internal sealed class VendorFaults(Dice dice, double rate)
{
    /// <summary>No vendor that a run can be held to answers so badly.</summary>
    public const double RateMax = 0.2;

    public bool Calm { get; set; }

    public Dice Dice { get; } = dice;

    /// <summary>One of the fates, or null for an honest answer.</summary>
    public T? Draw<T>(IReadOnlyList<T> fates)
        where T : struct
    {
        if (rate <= 0 || !Dice.Happens(rate)) return null;
        var fate = Dice.OneOf(fates);
        return Calm ? null : fate;
    }

    public bool Refuses() => rate > 0 && Dice.Happens(rate / 40) && !Calm;

    public static VendorFailure Failure(VendorFailureKind kind, string code, int? retryAfter = null) => new(kind, code, $"The vendor answered {code}.", retryAfter);
}
