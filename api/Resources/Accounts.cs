using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;

namespace UsageBilling.Api.Resources;

/// <summary>An account imported from a PSA.</summary>
internal sealed record AccountResource(long Id, long IntegrationId, string RemoteId, string Name, bool Active)
{
    internal static AccountResource FromRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetBoolean(4));
}

/// <summary>PSA accounts: imported, never typed.</summary>
internal static class Accounts
{
    public static void MapAccounts(this RouteGroupBuilder group) => group.MapGet("/accounts", List).WithTags("accounts");

    private static async Task<Ok<Page<AccountResource>>> List(
        [AsParameters] PageQuery page, long? integration, string? q, MspDatabase database, CancellationToken cancellation)
    {
        var rows = await database.Rows("Api/accounts", [page.From(0).First, page.Rows, integration, q], AccountResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, account => new(account.Id, 0)));
    }
}
