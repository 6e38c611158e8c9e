using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Turns;

/// <summary>Begins transactions in which a turn and statements of the api become true together.</summary>
internal sealed class TurnTransactions(NpgsqlDataSource source, WorkSignal signal)
{
    /// <summary>The request's condition is asked first, so that what follows is about what its sender saw.</summary>
    public async Task<TurnTransaction> Begin(MspDatabase database, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        var transaction = new TurnTransaction(connection, await connection.Begin(database.Msp, cancellation), database, signal);
        try
        {
            if (database.Condition.Precondition is { } precondition) await precondition(connection, cancellation);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>One turn for a person. Null when the grain accepted.</summary>
    public async Task<ProblemResult?> Ask<TState, TMessage>(MspDatabase database, TurnEngine<TState, TMessage> grains, long id, TMessage message, CancellationToken cancellation)
        where TState : class
    {
        await using var transaction = await Begin(database, cancellation);
        await transaction.Connection.PlanOnce(cancellation);
        var result = await transaction.Tell(grains, id, message, cancellation);
        await transaction.Commit(WorkKinds.None, cancellation);
        return TurnProblem.Of(result);
    }
}

/// <summary>One transaction. Disposed without <see cref="Commit"/>, nothing of it happened.</summary>
internal sealed class TurnTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, MspDatabase database, WorkSignal signal) : IAsyncDisposable
{
    private WorkKinds work;

    /// <summary>For stores that take part in it.</summary>
    public NpgsqlConnection Connection => connection;

    /// <summary>Tells one grain something.</summary>
    /// <exception cref="InvalidOperationException">The decision threw: a mistake of ours.</exception>
    public async Task<TurnResult> Tell<TState, TMessage>(TurnEngine<TState, TMessage> grains, long id, TMessage message, CancellationToken cancellation)
        where TState : class
    {
        var batch = await grains.Run(connection, [Delivery.Direct(id, message)], wait: true, database.Msp, database.Actor, cancellation);
        if (batch.Results[0] is TurnResult.Broke broke) throw new InvalidOperationException(broke.Reason);
        work |= batch.Work;
        return batch.Results[0];
    }

    /// <summary>The id that a statement answers with, or null when it answers with none.</summary>
    public async Task<long?> Id(string sql, object?[] values, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Statement.Of(sql, database.Msp, values));
        return (long?)await batch.ExecuteScalarAsync(cancellation);
    }

    /// <summary>The first row, or null when there is none.</summary>
    public async Task<T?> One<T>(string sql, object?[] values, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
        where T : class => (await Rows(sql, values, fromRow, cancellation)).FirstOrDefault();

    /// <summary>Every row of one statement.</summary>
    public async Task<List<T>> Rows<T>(string sql, object?[] values, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Statement.Of(sql, database.Msp, values));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.Rows(fromRow, cancellation);
    }

    /// <summary>Writes down what the caller did to a grain, outside any turn.</summary>
    public Task Audit(string action, GrainKind kind, long id, string before, string after, CancellationToken cancellation) =>
        Id("Api/add_audit", [database.Actor, action, (short)kind, id, before, after], cancellation);

    /// <summary>Makes it true, then tells whoever waits for work.</summary>
    public async Task Commit(WorkKinds also, CancellationToken cancellation)
    {
        await transaction.CommitAsync(cancellation);
        signal.Raise(work | also);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
