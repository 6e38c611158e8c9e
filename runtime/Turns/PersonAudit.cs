using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Runtime.Turns;

/// <summary>What a person did to an msp outside any turn, written down by the transaction that does it. Never a secret.</summary>
internal static class PersonAudit
{
    /// <param name="id">Of what it was done to.</param>
    public static void Audit(this NpgsqlBatch batch, MspId msp, string actor, string action, long id, string before, string after) =>
        batch.Add("Api/add_audit").With(msp.Value).With(actor).With(action).With((short)0).With(id).With(before).With(after);

    /// <summary>The same of one grain.</summary>
    public static void AuditOf(this NpgsqlBatch batch, GrainKind kind, MspId msp, string actor, string action, long id, string before, string after) =>
        batch.Add("Api/add_audit").With(msp.Value).With(actor).With(action).With((short)kind).With(id).With(before).With(after);

    /// <param name="id">Of what it was done to.</param>
    public static async Task Audit(this NpgsqlConnection connection, MspId msp, string actor, string action, long id, string before, string after, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Audit(msp, actor, action, id, before, after);
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
