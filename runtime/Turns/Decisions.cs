using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Runtime.Turns;

/// <summary>What a grain decided, before it is written.</summary>
/// <param name="Changes">Whether it has another state.</param>
internal sealed record DecidedTurn<TState, TMessage>(GrainRow<TState> Row, Delivery<TMessage> Delivery, Decision<TState> Decision, Turn Turn, bool Changes)
    where TState : class;

/// <summary>What the grains of one batch answered.</summary>
internal sealed class Decisions<TState, TMessage>
    where TState : class
{
    public IReadOnlyDictionary<long, MspSettings> Msps { get; set; } = new Dictionary<long, MspSettings>();

    public List<DecidedTurn<TState, TMessage>> Turns { get; } = [];

    public Dictionary<Delivery<TMessage>, TurnResult> Results { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>What the written commit leaves behind.</summary>
    public WorkKinds Work { get; set; }

    /// <summary>One result per delivery; a further one of a grain stays due.</summary>
    public TurnBatch Of(IReadOnlyList<Delivery<TMessage>> deliveries, int partsRefused) => new(
        [.. deliveries.Select(delivery => Results.GetValueOrDefault(delivery) ?? new TurnResult.Busy())],
        Turns.Count(turn => turn.Changes && Results[turn.Delivery] is TurnResult.Taken),
        Work,
        partsRefused);
}
