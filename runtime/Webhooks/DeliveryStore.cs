using Npgsql;
using UsageBilling.Interfaces.Webhooks;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Webhooks;

/// <summary>A delivery in a silo's hands.</summary>
/// <param name="Attempt">Which one this is, from 1.</param>
/// <param name="Message">Its identity at the receiver, the same at every attempt.</param>
/// <param name="At">The database's instant of the attempt.</param>
/// <param name="SecretProtected">For <see cref="Secrets.SecretVault.Reveal"/>.</param>
/// <param name="OldSecretProtected">The one before, as long as it signs too.</param>
public sealed record TakenDelivery(
    long Id, long Webhook, int Attempt, Guid Message, string Body, long Msp, string Url, string SecretProtected, string? OldSecretProtected, DateTimeOffset At)
{
    /// <summary>Names the delivery only.</summary>
    public override string ToString() => $"TakenDelivery({Id})";

    internal static TakenDelivery FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetGuid(3), row.GetString(4), row.GetInt64(5), row.GetString(6), row.GetString(7), row.Text(8), row.Instant(9));
}

/// <summary>How an attempt ended.</summary>
/// <param name="State"><c>delivered</c>, <c>failed</c> (it is tried again) or <c>parked</c> (only a person sends it again).</param>
/// <param name="After">When it is tried again.</param>
/// <param name="Rest">For how long nothing else is sent to the receiver.</param>
public sealed record DeliveryEnd(string State, ReceiverAnswer Answer, TimeSpan After, TimeSpan Rest);

/// <summary>Deliveries in PostgreSQL: pending → sending → delivered, or failed and tried again, or parked.</summary>
/// <remarks>
/// Whoever takes a delivery has it until its time is over, and then somebody else takes it: an event may arrive twice, always with the same id. No lock is held meanwhile, so that any number of
/// receivers can be waited for.
/// </remarks>
public sealed class DeliveryStore(NpgsqlDataSource database)
{
    /// <summary>Days in which a night that is over is found.</summary>
    private const int NightsBack = 7;

    /// <summary>Writes the event of each night that is over and that somebody wants to hear of.</summary>
    public Task FindNights(CancellationToken cancellation) => Do("Webhooks/night_finished", command => command.With(NightsBack), cancellation);

    /// <summary>Webhooks with something to be delivered now, the longest due first.</summary>
    /// <param name="but">Those that are worked on already.</param>
    public Task<List<long>> Due(IReadOnlyCollection<long> but, int most, CancellationToken cancellation) =>
        Query("Webhooks/due", command => command.With<long[]>([.. but]).With(most), row => row.GetInt64(0), cancellation);

    /// <summary>Commits that the first byte may leave.</summary>
    /// <param name="within">After which time whoever has not said how it ended is given up.</param>
    public Task<List<TakenDelivery>> Take(long webhook, int most, TimeSpan within, CancellationToken cancellation) =>
        Query("Webhooks/take", command => command.With(webhook).With(most).With(within.TotalSeconds), TakenDelivery.FromRow, cancellation);

    /// <summary>Writes down how an attempt ended.</summary>
    public Task Settle(TakenDelivery delivery, DeliveryEnd end, CancellationToken cancellation) => Do(
        "Webhooks/settle",
        command => command.With(delivery.Id).With(delivery.Attempt).With(end.State).With(end.Answer.Status).With(end.Answer.Code).With(end.Answer.Sentence)
            .With(end.After.TotalSeconds).With(end.Rest.TotalSeconds),
        cancellation);

    /// <summary>The receiver wants nothing any more: the webhook is off, by the same commit and on record.</summary>
    public Task End(TakenDelivery delivery, ReceiverAnswer answer, CancellationToken cancellation) => Do(
        "Webhooks/gone",
        command => command.With(delivery.Id).With(delivery.Attempt).With(answer.Status).With(answer.Code).With(answer.Sentence),
        cancellation);

    private async Task Do(string sql, Action<NpgsqlBatchCommand> fill, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.Do(sql, fill, cancellation);
    }

    private async Task<List<T>> Query<T>(string sql, Action<NpgsqlBatchCommand> fill, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Rows(sql, fill, fromRow, cancellation);
    }
}
