using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Integrations;

/// <summary>What hangs on an integration, counted up to <see cref="IntegrationStore.CountMax"/>.</summary>
/// <param name="Tenants">Product tenants that were read from it.</param>
/// <param name="Contracts">Contracts that were imported from it.</param>
/// <param name="Lines">Service lines of those.</param>
/// <param name="Organizations">Organizations that are, or were, mapped to its accounts.</param>
/// <param name="Intents">Changes of units it is still owed, or that a person must look at.</param>
/// <param name="Tickets">Tickets of open alerts, and those it is still owed something about.</param>
public sealed record IntegrationUse(long Tenants, long Contracts, long Lines, long Organizations, long Intents, long Tickets)
{
    /// <summary>Whether anything does.</summary>
    public bool Any => Tenants + Contracts + Lines + Organizations + Intents + Tickets > 0;

    internal static IntegrationUse FromRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5));
}

/// <summary>What became of the wish to remove an integration.</summary>
public abstract record IntegrationRemoval
{
    private IntegrationRemoval()
    {
    }

    /// <summary>It is gone, with what was only its own.</summary>
    public sealed record Done : IntegrationRemoval;

    /// <summary>The msp has no such integration.</summary>
    public sealed record Unknown : IntegrationRemoval;

    /// <summary>It stays: other things hang on it.</summary>
    public sealed record InUse(IntegrationUse Use) : IntegrationRemoval;
}

/// <summary>The credentials of an integration as they are stored. Holds what unlocks them for whoever has the key file: never logged.</summary>
/// <param name="SecretProtected">For <see cref="Secrets.SecretVault.Reveal"/>.</param>
public sealed record StoredCredentials(string Kind, string User, string SecretProtected, string Code)
{
    /// <summary>Names the kind only.</summary>
    public override string ToString() => $"StoredCredentials({Kind})";
}

/// <summary>What a superuser does with an integration as a whole.</summary>
public sealed class IntegrationStore(NpgsqlDataSource database)
{
    /// <summary>Where counting what hangs on an integration ends: that many, or more.</summary>
    public const int CountMax = 10_000;

    /// <summary>Removes an integration that nothing hangs on.</summary>
    /// <param name="precondition">Must hold of the integration; null for nothing.</param>
    public async Task<IntegrationRemoval> Remove(MspId msp, long id, string actor, Precondition? precondition, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        var known = await connection.Rows("Integrations/lock_to_remove", command => command.With(msp.Value).With(id), row => $"{row.GetString(0)} {row.GetString(1)}", cancellation);
        if (known.Count == 0) return new IntegrationRemoval.Unknown();
        if (precondition is not null) await precondition(connection, cancellation);
        var use = await connection.One("Integrations/in_use", command => command.With(msp.Value).With(id).With(CountMax), IntegrationUse.FromRow, cancellation);
        if (use.Any) return new IntegrationRemoval.InUse(use);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Integrations/remove").With(msp.Value).With(id);
        batch.AuditOf(GrainKind.Integration, msp, actor, "integration.removed", id, known[0], "");
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new IntegrationRemoval.Done();
    }

    /// <summary>The stored credentials; that somebody asked for them is committed before they are answered. Null when the msp has no such integration.</summary>
    public async Task<StoredCredentials?> Reveal(MspId msp, long id, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        var found = await connection.Rows(
            "Integrations/reveal",
            command => command.With(msp.Value).With(id).With(actor),
            row => new StoredCredentials(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)),
            cancellation);
        await transaction.CommitAsync(cancellation);
        return found.FirstOrDefault();
    }
}
