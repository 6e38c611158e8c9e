using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Control;

/// <summary>The body of <c>POST /_sandbox/{vendor}/faults</c>.</summary>
internal sealed record FaultRequest(
    string? Kind,
    string? Match = null,
    string? Method = null,
    int Times = 1,
    double Chance = 1,
    int Seed = 1,
    int? RetryAfterSeconds = null,
    int? DelayMilliseconds = null,
    long? ContractServiceId = null,
    int? UnitChange = null,
    DateOnly? EffectiveDate = null);

/// <summary>A fault that is set and not used up. Changed only by its board, under the board's lock.</summary>
internal sealed class Fault(int id, FaultKind kind, FaultRequest asked, object? snapshot)
{
    /// <summary>Nobody waits longer for an answer that does not come.</summary>
    private static readonly TimeSpan HoldLongest = TimeSpan.FromMinutes(10);

    private readonly Random dice = new(asked.Seed);

    public FaultKind Kind { get; } = kind;

    public FaultRequest Asked { get; } = asked;

    /// <summary>For stale reads: the vendor's state when the fault was set.</summary>
    public object? Snapshot { get; } = snapshot;

    public int TimesLeft { get; private set; } = asked.Times;

    /// <summary>Why the last firing did not do what it should.</summary>
    public string? Failure { get; set; }

    public TimeSpan Hold => Asked.DelayMilliseconds is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : HoldLongest;

    public bool Fires(Ask ask, RequestTraits traits)
    {
        var needs = FaultKinds.Needs(Kind);
        var suits = TimesLeft > 0
            && (traits & needs) == needs
            && (Asked.Method is null || string.Equals(Asked.Method, ask.Method, StringComparison.OrdinalIgnoreCase))
            && (Asked.Match is null || ask.Path.Contains(Asked.Match, StringComparison.OrdinalIgnoreCase));
        if (!suits || (Asked.Chance < 1 && dice.NextDouble() >= Asked.Chance))
            return false;
        TimesLeft--;
        return true;
    }

    public JsonObject ToJson() => new()
    {
        ["id"] = id,
        ["kind"] = FaultKinds.Name(Kind),
        ["match"] = Asked.Match,
        ["method"] = Asked.Method,
        ["times"] = Asked.Times,
        ["times_left"] = TimesLeft,
        ["chance"] = Asked.Chance,
        ["seed"] = Asked.Seed,
        ["retry_after_seconds"] = Asked.RetryAfterSeconds,
        ["delay_milliseconds"] = Asked.DelayMilliseconds,
        ["contract_service_id"] = Asked.ContractServiceId,
        ["unit_change"] = Asked.UnitChange,
        ["effective_date"] = Asked.EffectiveDate?.ToString("yyyy-MM-dd"),
        ["failure"] = Failure,
    };
}
