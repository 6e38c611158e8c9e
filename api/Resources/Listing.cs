using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Versions;

namespace UsageBilling.Api.Resources;

/// <summary>Resources with an id that one statement lists by page, and shows one by one: the handlers of both, and what others need of them.</summary>
/// <param name="sql">Takes the msp, one id or null, the id beside which a page begins, how many rows, and then what the list is narrowed by.</param>
/// <param name="start">Where the first page begins.</param>
/// <param name="whole">What the statement takes in the end when the list is not narrowed.</param>
/// <param name="idOf">A resource's id.</param>
internal sealed class Listing<T>(string sql, long start, object?[] whole, Func<NpgsqlDataReader, T> fromRow, Func<T, long> idOf)
    where T : class
{
    /// <summary>The first page begins with the resource that was made first.</summary>
    public const long OldestFirst = 0;

    /// <summary>The first page begins with the resource that was made last.</summary>
    public const long NewestFirst = long.MaxValue;

    /// <summary>A page of all.</summary>
    public Task<Ok<Page<T>>> List([AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation) => Some(page, database, whole, cancellation);

    /// <summary>One of them, or that there is none.</summary>
    public async Task<Results<Ok<T>, ProblemResult>> Get(long id, MspDatabase database, CancellationToken cancellation) =>
        await Find(id, database, cancellation) is { } found ? TypedResults.Ok(found) : ProblemResult.Of(ProblemCode.NotFound);

    /// <summary>A page of some.</summary>
    public async Task<Ok<Page<T>>> Some(PageQuery page, MspDatabase database, object?[] narrowed, CancellationToken cancellation)
    {
        var rows = await database.Rows(sql, [null, page.From(start).First, page.Rows, .. narrowed], fromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, row => new(idOf(row), 0)));
    }

    /// <summary>One of them as something that is changed only as long as it is what somebody saw.</summary>
    public Versioned Version(string locked) => Versioned.ById<T>(locked, (database, id, cancellation) => Find(id, database, cancellation));

    /// <summary>One of them; null when the msp has none of this id.</summary>
    public Task<T?> Find(long id, MspDatabase database, CancellationToken cancellation) => database.One(sql, [id, start, 1, .. whole], fromRow, cancellation);
}
