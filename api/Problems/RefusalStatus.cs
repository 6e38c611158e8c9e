using System.Collections.Frozen;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Api.Problems;

/// <summary>The HTTP status of each refusal of a grain: 422 when other words would have been taken, 409 when the state is in the way.</summary>
public static class RefusalStatus
{
    private static readonly FrozenDictionary<string, int> Known = new Dictionary<string, int>
    {
        [RefusalCode.DateTooOld] = 422,
        [RefusalCode.DateTooFar] = 422,
        [RefusalCode.LineEnded] = 409,
        [RefusalCode.BasisNone] = 409,
        [RefusalCode.BasisLocked] = 409,
        [RefusalCode.BasisInvalid] = 422,
        [RefusalCode.HoldNone] = 409,
        [RefusalCode.HoldWithoutCount] = 409,
        [RefusalCode.NightNotYet] = 422,
        [RefusalCode.NightAlreadyRead] = 409,
        [RefusalCode.IntegrationParked] = 409,
        [RefusalCode.IntegrationWithoutCounts] = 404,
        [RefusalCode.InputsNone] = 409,
        [RefusalCode.BasisNotManual] = 409,
        [RefusalCode.ReadingOvertaken] = 409,
        [RefusalCode.NothingChanged] = 409,
        [RefusalCode.ContractDatesInverted] = 422,
        [RefusalCode.CurrencyUnknown] = 422,
        [RefusalCode.PeriodInvalid] = 422,
        [RefusalCode.PeriodsOverlap] = 422,
        [RefusalCode.ServiceDatesInverted] = 422,
        [RefusalCode.PriceInvalid] = 422,
        [RefusalCode.UnitsInvalid] = 422,
        [RefusalCode.LimitsInverted] = 422,
        [RefusalCode.TiersInvalid] = 422,
        [RefusalCode.TermsFixed] = 409,
        [RefusalCode.PriceTiered] = 409,
        [RefusalCode.TermsFull] = 409,
        [RefusalCode.PostedInvalid] = 422,
        [RefusalCode.RequestTooLarge] = 422,
        [RefusalCode.UnitsAhead] = 409,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every code that has a status; exactly <see cref="RefusalCode.All"/>.</summary>
    public static IReadOnlyCollection<string> Codes => Known.Keys;

    /// <summary>The status of a refusal.</summary>
    /// <exception cref="KeyNotFoundException">The code is not in the table: a mistake of ours.</exception>
    public static int Of(string code) => Known[code];
}
