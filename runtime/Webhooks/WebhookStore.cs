using System.Security.Cryptography;
using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Webhooks;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Webhooks;

/// <summary>What a person says of a webhook.</summary>
/// <param name="Events">Of <see cref="WebhookEvent.All"/>.</param>
/// <param name="Enabled">Whether anything is delivered.</param>
public sealed record WebhookEntry(string Name, string Url, IReadOnlyList<string> Events, bool Enabled)
{
    internal string Words() => $"{Name}, {Url}, {string.Join(' ', Events)}, {(Enabled ? "on" : "off")}";
}

/// <summary>What became of a wish about webhooks.</summary>
public abstract record WebhookAnswer
{
    private WebhookAnswer()
    {
    }

    /// <summary>It was done.</summary>
    /// <param name="Secret">A new secret: the only time it is shown; null when there is none.</param>
    public sealed record Done(long Id, WebhookSecret? Secret) : WebhookAnswer;

    /// <summary>The msp has no such webhook.</summary>
    public sealed record Unknown : WebhookAnswer;

    /// <summary>Another one has the name.</summary>
    public sealed record NameTaken : WebhookAnswer;

    /// <summary>There are <see cref="WebhookStore.WebhooksMax"/>.</summary>
    public sealed record TooMany : WebhookAnswer;
}

/// <summary>What people do with the webhooks of their msp, each change audited by the same commit. Secrets are stored encrypted, and neither audited nor shown again.</summary>
public sealed class WebhookStore(NpgsqlDataSource database, SecretVault vault, WorkSignal signal)
{
    /// <summary>Webhooks of one msp.</summary>
    public const int WebhooksMax = 20;

    /// <summary>Minutes for which a secret that was replaced signs beside the new one: a week.</summary>
    public const int OverlapMinutesMax = 10_080;

    /// <summary>Makes a webhook with a secret of its own.</summary>
    public Task<WebhookAnswer> Add(MspId msp, WebhookEntry wanted, string actor, CancellationToken cancellation) => Alone(
        msp,
        null,
        async connection =>
        {
            if (await connection.One("Webhooks/count", command => command.With(msp.Value), row => row.GetInt64(0), cancellation) >= WebhooksMax) return new WebhookAnswer.TooMany();
            var secret = Draw();
            var added = await connection.Rows(
                "Webhooks/add",
                command => command.With(msp.Value).With(wanted.Name).With(wanted.Url).With<string[]>([.. wanted.Events]).With(wanted.Enabled).With(vault.Protect(msp.Value, secret.Text)).With(actor),
                row => row.GetInt64(0),
                cancellation);
            if (added is not [var id]) return new WebhookAnswer.NameTaken();
            await connection.Audit(msp, actor, "webhook.created", id, "", wanted.Words(), cancellation);
            return new WebhookAnswer.Done(id, secret);
        },
        cancellation);

    /// <summary>Changes a webhook. Enabled again, it is sent what waited for it.</summary>
    /// <param name="precondition">Must hold of the webhook; null for nothing.</param>
    public Task<WebhookAnswer> Change(MspId msp, long id, WebhookEntry wanted, string actor, Precondition? precondition, CancellationToken cancellation) => Alone(
        msp,
        precondition,
        async connection =>
        {
            if (await Locked(connection, msp, id, cancellation) is not { } before) return new WebhookAnswer.Unknown();
            if (await connection.One("Webhooks/name_taken", command => command.With(msp.Value).With(wanted.Name).With(id), row => row.GetBoolean(0), cancellation)) return new WebhookAnswer.NameTaken();
            await connection.Do(
                "Webhooks/change",
                command => command.With(msp.Value).With(id).With(wanted.Name).With(wanted.Url).With<string[]>([.. wanted.Events]).With(wanted.Enabled),
                cancellation);
            await connection.Audit(msp, actor, "webhook.changed", id, before.Words(), wanted.Words(), cancellation);
            return new WebhookAnswer.Done(id, null);
        },
        cancellation);

    /// <summary>Gives a webhook another secret; the one before signs beside it for so many minutes.</summary>
    /// <param name="precondition">Must hold of the webhook; null for nothing.</param>
    public Task<WebhookAnswer> Rotate(MspId msp, long id, int overlapMinutes, string actor, Precondition? precondition, CancellationToken cancellation) => Alone(
        msp,
        precondition,
        async connection =>
        {
            if (await Locked(connection, msp, id, cancellation) is not { } before) return new WebhookAnswer.Unknown();
            var secret = Draw();
            await connection.Do("Webhooks/rotate", command => command.With(msp.Value).With(id).With(vault.Protect(msp.Value, secret.Text)).With(overlapMinutes), cancellation);
            await connection.Audit(msp, actor, "webhook.rotated", id, before.Name, $"{before.Name}, both secrets for {overlapMinutes} minutes", cancellation);
            return new WebhookAnswer.Done(id, secret);
        },
        cancellation);

    /// <summary>Ends a webhook: nothing is delivered to it any more, whatever waits.</summary>
    /// <param name="precondition">Must hold of the webhook; null for nothing.</param>
    public Task<WebhookAnswer> Remove(MspId msp, long id, string actor, Precondition? precondition, CancellationToken cancellation) => Alone(
        msp,
        precondition,
        async connection =>
        {
            if (await Locked(connection, msp, id, cancellation) is not { } before) return new WebhookAnswer.Unknown();
            await connection.Do("Webhooks/remove", command => command.With(msp.Value).With(id), cancellation);
            await connection.Audit(msp, actor, "webhook.removed", id, before.Words(), "", cancellation);
            return new WebhookAnswer.Done(id, null);
        },
        cancellation);

    /// <summary>Writes an event that means nothing, to be delivered like any other.</summary>
    /// <returns>The delivery; null when the msp has no such webhook, or nothing is delivered to it.</returns>
    public Task<long?> Test(MspId msp, long id, string actor, CancellationToken cancellation) =>
        Deliver(msp, "Webhooks/add_test", command => command.With(msp.Value).With(id).With(actor), cancellation);

    /// <summary>Delivers once more, under the same id.</summary>
    /// <returns>The delivery; null when there is none, it is under way, or nothing is delivered to its webhook.</returns>
    public Task<long?> Resend(MspId msp, long id, long delivery, string actor, CancellationToken cancellation) =>
        Deliver(msp, "Webhooks/resend", command => command.With(msp.Value).With(id).With(delivery).With(actor), cancellation);

    private static WebhookSecret Draw() => WebhookSecret.Of(RandomNumberGenerator.GetBytes(WebhookSecret.Bytes));

    private static async Task<WebhookEntry?> Locked(NpgsqlConnection connection, MspId msp, long id, CancellationToken cancellation)
    {
        var rows = await connection.Rows(
            "Webhooks/lock",
            command => command.With(msp.Value).With(id),
            row => new WebhookEntry(row.GetString(0), row.GetString(1), row.GetFieldValue<string[]>(2), row.GetString(3) == "enabled"),
            cancellation);
        return rows.Count > 0 ? rows[0] : null;
    }

    private async Task<long?> Deliver(MspId msp, string sql, Action<NpgsqlBatchCommand> fill, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var written = await connection.RowsOf(msp, sql, fill, row => row.GetInt64(0), cancellation);
        if (written.Count == 0) return null;
        signal.Raise(WorkKinds.Webhooks);
        return written[0];
    }

    /// <summary>Changes of an msp's webhooks happen one after the other, so that they can be counted.</summary>
    private async Task<WebhookAnswer> Alone(MspId msp, Precondition? precondition, Func<NpgsqlConnection, Task<WebhookAnswer>> change, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        await connection.Do("Keys/lock_msp", command => command.With(msp.Value), cancellation);
        if (precondition is not null) await precondition(connection, cancellation);
        var answer = await change(connection);
        if (answer is not WebhookAnswer.Done) return answer;
        await transaction.CommitAsync(cancellation);
        signal.Raise(WorkKinds.Webhooks);
        return answer;
    }
}
