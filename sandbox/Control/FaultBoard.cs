using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Control;

/// <summary>The faults set for one vendor, oldest first. A request meets at most one of them.</summary>
internal sealed class FaultBoard
{
    public const int FaultsMax = 1000;
    public const int TimesMax = 1_000_000;
    public const int DelayMillisecondsMax = 600_000;

    private readonly Lock gate = new();
    private readonly List<Fault> faults = [];
    private int lastId;

    /// <summary>Null when the request makes sense, else one sentence.</summary>
    public static string? Objection(FaultRequest asked, out FaultKind kind)
    {
        if (!FaultKinds.TryFind(asked.Kind, out kind))
            return $"'{asked.Kind}' is not a kind of fault. The kinds are: {FaultKinds.AllNames}.";
        if (asked.Times is < 1 or > TimesMax)
            return $"times must be 1 to {TimesMax}.";
        if (asked.Chance is not (> 0 and <= 1))
            return "chance must be above 0 and at most 1.";
        if (asked.DelayMilliseconds is < 0 or > DelayMillisecondsMax)
            return $"delay_milliseconds must be 0 to {DelayMillisecondsMax}.";
        if (asked.RetryAfterSeconds is < 0)
            return "retry_after_seconds must not be negative.";
        if (kind == FaultKind.ForeignEdit && (asked.ContractServiceId is null || asked.UnitChange is null || asked.EffectiveDate is null))
            return "foreign_edit needs contract_service_id, unit_change and effective_date.";
        return null;
    }

    /// <summary>Adds a fault; null when <see cref="FaultsMax"/> are set already.</summary>
    public Fault? Add(FaultKind kind, FaultRequest asked, object? snapshot)
    {
        lock (gate)
        {
            faults.RemoveAll(fault => fault.TimesLeft == 0 && fault.Failure is null);
            if (faults.Count >= FaultsMax)
                return null;
            var fault = new Fault(++lastId, kind, asked, snapshot);
            faults.Add(fault);
            return fault;
        }
    }

    public Fault? Claim(Ask ask, RequestTraits traits)
    {
        lock (gate)
            return faults.FirstOrDefault(fault => fault.Fires(ask, traits));
    }

    public void Clear()
    {
        lock (gate)
            faults.Clear();
    }

    /// <summary>Those with firings left, and those whose last firing failed.</summary>
    public JsonArray ToJson()
    {
        lock (gate)
            return new JsonArray([.. faults.Where(fault => fault.TimesLeft > 0 || fault.Failure is not null).Select(fault => fault.ToJson())]);
    }
}
