using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Resources;
using UsageBilling.Api.Turns;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Sheets;

/// <summary>One date from which a tenant belongs to an organization, or an organization to an account, or to none.</summary>
/// <param name="OfTenant">Whether it is a tenant's.</param>
/// <param name="From">Null of one that was never mapped.</param>
internal sealed record SaidMapping(bool OfTenant, NamedResource Owner, NamedResource? Target, DateOnly? From, DateOnly? Until)
{
    public (bool, long, long?, DateOnly?) Key => (OfTenant, Owner.Id, Target?.Id, From);

    public static SaidMapping FromRow(NpgsqlDataReader row, bool ofTenant) => new(
        ofTenant, new(row.GetInt64(0), row.GetString(1)), row.IsDBNull(2) ? null : new(row.GetInt64(2), row.GetString(3)), row.MaybeDate(4), row.MaybeDate(5));

    /// <summary>In the order of the columns.</summary>
    public IReadOnlyList<string> Cells()
    {
        var (owner, target) = (Pair(Owner), Pair(Target));
        return OfTenant ? [.. owner, .. target, "", "", Cell.Date(From), Cell.Date(Until)] : ["", "", .. owner, .. target, Cell.Date(From), Cell.Date(Until)];
    }

    private static string[] Pair(NamedResource? named) => named is null ? ["", ""] : [named.Id.ToString(CultureInfo.InvariantCulture), Cell.Text(named.Name)];
}

/// <summary>All mappings as a table that a person may edit and send back.</summary>
internal static class MappingSheet
{
    private const int PageSize = 500;

    private static readonly SheetColumns Columns = new(
        ["tenant_id", "tenant", "organization_id", "organization", "account_id", "account", "from", "until"], ["organization_id"], ["tenant", "organization", "account", "until"]);

    public static SheetExport Export(MspDatabase database, CancellationToken cancellation) => new("mappings.csv", Columns.All, Rows(database, cancellation));

    public static async Task<Results<Ok<SheetResource>, ProblemResult>> Import(
        [AsParameters] SheetQuery query, HttpRequest http, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation)
    {
        var (rows, problem) = await Sheet.Read(http, Columns, cancellation);
        if (rows is null) return problem!;
        var wanted = rows.Select(Wanted).ToList();
        var changing = await Changing(database, wanted, cancellation);
        if (Sheet.TooMany(changing.Count) is { } tooMany) return tooMany;
        var answers = await BulkMappings.Map(new([.. changing.Select(row => row.Mapping)], query.IsDry), new(database, transactions, grains), cancellation);
        var came = changing.Zip(answers.Items).ToDictionary(pair => pair.First.Row, pair => pair.Second);
        return TypedResults.Ok(SheetResource.Of(query.IsDry, [.. wanted.Select(row => row.Errors.Count > 0 ? SheetRowResource.Wrong(row.Row, row.Errors) : AnswerOf(row.Row, came.GetValueOrDefault(row.Row)))]));
    }

    private static SheetRowResource AnswerOf(int row, MappedItemResource? came) => came?.Code switch
    {
        null => SheetRowResource.Changed(row, came is null ? [] : ["mapping"]),
        RefusalCode.NothingChanged => SheetRowResource.Changed(row, []),
        var code => SheetRowResource.Refused(row, code, came.Sentence),
    };

    private static WantedRow Wanted(SheetRow row)
    {
        List<FieldError> errors = [];
        var mapping = new WantedMapping(row.Id("tenant_id", errors), row.Id("organization_id", errors), row.Id("account_id", errors), row.Date("from", errors));
        if (errors.Count == 0) errors.AddRange(mapping.Check("").Select(error => error with { Field = error.Field.TrimStart('.') }));
        return new(row.Number, mapping, errors);
    }

    /// <summary>What is not so already. Once something of a tenant or organization changes, what the file says of it later is said again, because a change replaces what was planned.</summary>
    private static async Task<List<WantedRow>> Changing(MspDatabase database, List<WantedRow> wanted, CancellationToken cancellation)
    {
        var known = new HashSet<(bool, long, long?, DateOnly?)>();
        foreach (var group in wanted.Where(row => row.Errors.Count == 0).GroupBy(row => row.OfTenant))
            foreach (var some in group.Select(row => row.Owner).Distinct().Chunk(PageSize)) known.UnionWith((await Page(database, group.Key, some, 0, PageSize, cancellation)).Select(said => said.Key));
        var touched = new HashSet<(bool, long)>();
        List<WantedRow> changing = [];
        foreach (var row in wanted.Where(row => row.Errors.Count == 0))
        {
            if (!touched.Contains((row.OfTenant, row.Owner)) && known.Contains((row.OfTenant, row.Owner, row.Target, row.Mapping.From))) continue;
            touched.Add((row.OfTenant, row.Owner));
            changing.Add(row);
        }

        return changing;
    }

    private static async IAsyncEnumerable<IReadOnlyList<string>> Rows(MspDatabase database, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var ofTenant in (bool[])[true, false])
        {
            long? after = 0;
            while (after is { } last)
            {
                var page = await Page(database, ofTenant, null, last, PageSize, cancellation);
                foreach (var said in page) yield return said.Cells();
                after = page.Count > 0 ? page[^1].Owner.Id : null;
            }
        }
    }

    private static Task<List<SaidMapping>> Page(MspDatabase database, bool ofTenant, long[]? only, long after, int owners, CancellationToken cancellation) =>
        database.Rows(ofTenant ? "Sheets/tenant_mappings" : "Sheets/organization_mappings", [only, after, owners], row => SaidMapping.FromRow(row, ofTenant), cancellation);

    private sealed record WantedRow(int Row, WantedMapping Mapping, List<FieldError> Errors)
    {
        public bool OfTenant => Mapping.TenantId is not null;

        public long Owner => Mapping.TenantId ?? Mapping.OrganizationId!.Value;

        public long? Target => OfTenant ? Mapping.OrganizationId : Mapping.AccountId;
    }
}
