using UsageBilling.Grains.Desk;
using UsageBilling.Runtime.Desk;

namespace UsageBilling.Api.Turns;

/// <summary>The decisions about settings, for the store that may not know who makes them.</summary>
internal static class DeskDecisions
{
    public static DeskRules Rules { get; } = new(EffectiveDesk.Of, EffectiveDesk.WithoutOverrides, (fields, wanted, known, account, places) =>
    {
        var (choices, objections) = DeskCheck.Of(fields, wanted, known, account, places);
        return new(choices, [.. objections.Select(objection => (objection.Field, objection.Sentence))]);
    });
}
