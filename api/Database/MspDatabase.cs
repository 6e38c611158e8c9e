using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Versions;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Keys;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Database;

/// <summary>What one request may see: the rows of its caller's msp. Every statement gets the msp as its first parameter, and is about it as row-level security sees it.</summary>
internal sealed class MspDatabase
{
    private readonly NpgsqlDataSource source;
    private readonly Caller caller;
    private readonly NpgsqlConnection? only;

    private MspDatabase(NpgsqlDataSource source, Caller caller, HttpContext request) => (this.source, this.caller, Condition) = (source, caller, new(request, this));

    private MspDatabase(MspDatabase whole, NpgsqlConnection only) => (source, caller, Condition, this.only) = (whole.source, whole.caller, whole.Condition, only);

    public MspId Msp => caller.Msp;

    /// <summary>Who asks, as the audit keeps it.</summary>
    public string Actor => $"{caller.Name} ({caller.Id})";

    /// <summary>What the request wants to be true of what it changes.</summary>
    public Condition Condition { get; }

    /// <summary>Takes the caller of the request: there is one wherever a policy holds.</summary>
    public static ValueTask<MspDatabase?> BindAsync(HttpContext context) => ValueTask.FromResult<MspDatabase?>(new(
        context.RequestServices.GetRequiredService<NpgsqlDataSource>(),
        context.User.Identity is CallerIdentity known ? known.Caller : throw new InvalidOperationException("A route that reads rows has no policy."),
        context));

    /// <summary>The same, as one connection sees it in its transaction.</summary>
    public MspDatabase On(NpgsqlConnection connection) => new(this, connection);

    /// <summary>Every row of one statement.</summary>
    /// <param name="values">The parameters from $2 on.</param>
    public async Task<List<T>> Rows<T>(string sql, object?[] values, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        await using var own = only is null ? await source.OpenConnectionAsync(cancellation) : null;
        await using var batch = new NpgsqlBatch(own ?? only);
        // what a transaction goes on with is planned once
        if (own is null) batch.About(Msp);
        else batch.AboutForLists(Msp);
        batch.BatchCommands.Add(Statement.Of(sql, Msp, values));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        // a statement that answers nothing has no result to go on to
        return await reader.NextResultAsync(cancellation) ? await reader.Rows(fromRow, cancellation) : [];
    }

    /// <summary>The first row, or null when there is none.</summary>
    public async Task<T?> One<T>(string sql, object?[] values, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
        where T : class => (await Rows(sql, values, fromRow, cancellation)).FirstOrDefault();

    /// <summary>The id that a statement answers with, or null when it answers with none.</summary>
    public async Task<long?> Id(string sql, object?[] values, CancellationToken cancellation)
    {
        var ids = await Rows(sql, values, row => row.GetInt64(0), cancellation);
        return ids.Count == 0 ? null : ids[0];
    }

    /// <summary>A service line as its next turn would see it, or null when the msp has none of this id.</summary>
    public async Task<ServiceLineState?> Line(long id, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(Msp, cancellation);
        return await new ServiceLineTable().See(connection, id, cancellation) is { } row && row.Msp == Msp.Value ? row.State : null;
    }

    /// <summary>The msp's calendar and its last night at the database's instant.</summary>
    public async Task<MspNight> Night(CancellationToken cancellation) => (await One("Api/msp_night", [], MspNight.FromRow, cancellation))!;
}

/// <summary>The msp's calendar and its last night.</summary>
internal sealed record MspNight(NightCalendar Calendar, DateOnly Last)
{
    public static MspNight FromRow(NpgsqlDataReader row)
    {
        var calendar = NightCalendar.Of(row.GetString(1), row.GetFieldValue<TimeOnly>(2));
        return new(calendar, calendar.NightAt(row.Instant(0)));
    }
}

/// <summary>Statements of <c>runtime/Sql/Api</c> with their parameters.</summary>
internal static class Statement
{
    public static NpgsqlBatchCommand Of(string sql, MspId msp, object?[] values)
    {
        var command = new NpgsqlBatchCommand(SqlText.Load(sql));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = msp.Value });
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
