using UsageBilling.Sandbox.Bms.Access;
using UsageBilling.Sandbox.Bms.Routes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms;

/// <summary>The token, and the allowance of the hour that each endpoint has.</summary>
internal sealed class BmsDoor(SandboxClock clock, BmsTokens tokens, int callsMax)
{
    private readonly Dictionary<BmsRoute, CallMeter> meters = BmsRoutes.All.ToDictionary(route => route, _ => new CallMeter(clock, callsMax));

    public int CallsMax { get; } = callsMax;

    /// <summary>By the description's name of each endpoint.</summary>
    public IReadOnlyDictionary<string, CallMeter> Allowances => meters.ToDictionary(meter => meter.Key.Name, meter => meter.Value);

    public Admission Admit(Ask ask)
    {
        var (match, verbs) = Find(ask);
        if (match is null)
            return Admission.Refused(verbs.Length == 0 ? BmsAnswers.NoRoute() : BmsAnswers.WrongVerb(verbs));
        if (match.Route.NeedsToken && tokens.Holder(ask) is null)
            return Admission.Refused(BmsAnswers.Unauthorized());
        if (!meters[match.Route].Count())
            return Admission.Refused(BmsAnswers.TooMany(CallsMax));
        return match.Route.TakesJson && !IsJson(ask) ? Admission.Refused(BmsAnswers.WrongMedia()) : Admission.Granted(null);
    }

    /// <summary>Somebody else calls every endpoint so often.</summary>
    public void CountStrangers(int calls)
    {
        foreach (var meter in meters.Values)
            meter.CountStrangers(calls);
    }

    public static (BmsMatch? Match, string Verbs) Find(Ask ask) => BmsRoutes.Find(ask.Method, [.. ask.Segments.Skip(1)]);

    /// <summary>The four forms of JSON that the description names.</summary>
    private static bool IsJson(Ask ask)
    {
        var type = ask.Headers.ContentType.ToString().Split(';')[0].Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Equals("text/json", StringComparison.OrdinalIgnoreCase)
            || (type.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
    }
}
