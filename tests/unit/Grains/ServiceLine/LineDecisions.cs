using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>Asks the service line grain.</summary>
internal static class LineDecisions
{
    private static readonly ServiceLineGrain Grain = new();

    public static Decision<ServiceLineState> Decide(ServiceLineState line, ServiceLineMessage message, Turn turn) => Grain.Decide(line, message, turn);

    public static Decision<ServiceLineState> Told(ServiceLineState line, string night, InputCause cause = InputCause.Reading) =>
        Decide(line, new ServiceLineMessage.InputsChanged(Lines.Day(night), cause), Lines.Turn(night));

    public static decimal UnitsOn(ServiceLineState line, string day) => line.Counts.Last(count => count.EffectiveOn <= Lines.Day(day)).Units.Value;

    public static string? Held(ServiceLineState line) =>
        line.Hold is { } hold ? $"{hold.Reason}{(hold.Proposed is { } units ? $" {units}" : "")} since {Lines.Text(hold.Night)}" : null;

    public static Decision<ServiceLineState> Accepts(ServiceLineState next, params Effect[] effects) => new(next, Verdict.Ok, Sequence.From(effects));

    public static string Refusal(Decision<ServiceLineState> decision) => Assert.IsType<Verdict.Refused>(decision.Verdict).Code;
}
