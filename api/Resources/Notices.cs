using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Grains.Notices;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>Whether a contract asks for notices of changed units, and who gets them.</summary>
/// <param name="Addresses">Bare e-mail addresses, 20 at most; at least one when enabled.</param>
internal sealed record NoticeSetting(bool Enabled, IReadOnlyList<string> Addresses) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        if (Addresses.Count > NoticeAddress.AddressesMax) yield return new("addresses", $"Must be {NoticeAddress.AddressesMax} at most.");
        else if (Enabled && Addresses.Count == 0) yield return new("addresses", "Must have at least one, so that somebody is told.");
        for (var i = 0; i < Math.Min(Addresses.Count, NoticeAddress.AddressesMax); i++)
        {
            if (!NoticeAddress.IsValid(Addresses[i])) yield return new($"addresses[{i}]", "Must be one bare e-mail address, for example \"billing@customer.example\".");
        }

        if (Addresses.Distinct(StringComparer.OrdinalIgnoreCase).Count() != Addresses.Count) yield return new("addresses", "Must not have one twice.");
    }
}

/// <summary>One message about one night of a contract.</summary>
/// <param name="State"><c>due</c>, <c>sending</c>, <c>failed</c> (it is tried again), <c>sent</c> or <c>parked</c>.</param>
/// <param name="Waiting">Addresses that are still to be told.</param>
/// <param name="Told">Addresses whose mail server has taken it.</param>
/// <param name="Lines">Service lines that it is about; 0 until it is written.</param>
/// <param name="DueAt">When it is sent, or tried again.</param>
/// <param name="WrittenAt">From when on it is settled what it says.</param>
internal sealed record NoticeResource(
    long Id, NamedResource Contract, NamedResource Account, DateOnly Night, string State, IReadOnlyList<string> Waiting, IReadOnlyList<string> Told, int Attempt,
    string? Code, string? Sentence, long Lines, DateTimeOffset FoundAt, DateTimeOffset DueAt, DateTimeOffset? WrittenAt, DateTimeOffset? SettledAt)
{
    internal static NoticeResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), new(row.GetInt64(1), row.GetString(2)), new(row.GetInt64(3), row.GetString(4)), row.Date(5), row.GetString(6), row.GetFieldValue<string[]>(7),
        row.GetFieldValue<string[]>(8), row.GetInt32(9), row.Text(10), row.Text(11), row.GetInt64(12), row.Instant(13), row.Instant(14), row.MaybeInstant(15), row.MaybeInstant(16));
}

/// <summary>Which notices are wanted.</summary>
internal sealed record NoticeQuery([FromQuery(Name = "contract")] long? Contract, [FromQuery(Name = "state")] string? State) : IChecked
{
    private static readonly string[] States = ["due", "sending", "failed", "sent", "parked"];

    public IEnumerable<FieldError> Check()
    {
        if (State is not null && !States.Contains(State)) yield return new("state", $"Must be one of {string.Join(", ", States)}.");
    }
}

/// <summary>Notices of changed units, the newest first.</summary>
internal static class Notices
{
    private static readonly Listing<NoticeResource> All = new("Notices/list", Listing<NoticeResource>.NewestFirst, [null, null], NoticeResource.FromRow, notice => notice.Id);

    public static void MapNotices(this RouteGroupBuilder group)
    {
        var notices = group.MapGroup("/notices").WithTags("notices");
        notices.MapGet("", List);
        notices.MapGet("/{id:long}", All.Get).Tagged();
        notices.MapGroup("").RequireAuthorization(Policies.Operator).MapPost("/{id:long}/release", Release).Changes(All.Version("Versions/lock_notice"));
    }

    private static Task<Ok<Page<NoticeResource>>> List(
        [AsParameters] PageQuery page, [AsParameters] NoticeQuery query, MspDatabase database, CancellationToken cancellation) =>
        All.Some(page, database, [query.Contract, query.State], cancellation);

    private static async Task<Results<Ok<NoticeResource>, ProblemResult>> Release(long id, MspDatabase database, TurnTransactions transactions, CancellationToken cancellation)
    {
        if (await All.Find(id, database, cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        await using var transaction = await transactions.Begin(database, cancellation);
        if (await transaction.Id("Notices/release", [id, database.Actor], cancellation) is null) return ProblemResult.Of(ProblemCode.NoticeNotReleasable);
        await transaction.Commit(WorkKinds.None, cancellation);
        return TypedResults.Ok((await All.Find(id, database, cancellation))!);
    }
}
