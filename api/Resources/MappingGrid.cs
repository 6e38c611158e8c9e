using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Products;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>How many there are, and the first of them by name.</summary>
internal sealed record NamedCount(long Count, IReadOnlyList<NamedResource> First)
{
    public static NamedCount None { get; } = new(0, []);
}

/// <summary>What an account has of one product.</summary>
internal sealed record GridCell(string Product, NamedCount Tenants);

/// <summary>One PSA account with what is mapped to it on the last night.</summary>
/// <param name="Cells">One for each product that the msp reads or is told of, in the order of the catalogue.</param>
internal sealed record GridRow(NamedResource Account, bool Active, long IntegrationId, NamedCount Organizations, IReadOnlyList<GridCell> Cells);

/// <summary>So many of so many.</summary>
internal sealed record OutOf(long Mapped, long All);

/// <summary>How far one product is mapped.</summary>
/// <param name="Accounts">Active accounts with a tenant of it, of all active ones.</param>
/// <param name="Tenants">Its tenants that reach an account, of all.</param>
internal sealed record ProductCoverage(string Product, OutOf Accounts, OutOf Tenants);

/// <summary>How far everything is mapped on the last night.</summary>
/// <param name="Accounts">Active accounts with an organization, of all active ones.</param>
/// <param name="Organizations">Organizations with an account, of all.</param>
internal sealed record GridSummary(OutOf Accounts, OutOf Organizations, IReadOnlyList<ProductCoverage> Products);

/// <summary>Which accounts are wanted.</summary>
/// <param name="Q">Part of the name of the account, or of an organization mapped to it.</param>
/// <param name="Missing">A product: only accounts without a tenant of it. <c>organization</c>: only accounts without any organization.</param>
internal sealed record GridQuery(
    [FromQuery(Name = "integration")] long? Integration, [FromQuery(Name = "q")] string? Q, [FromQuery(Name = "missing")] string? Missing) : IChecked
{
    private const string Organization = "organization";

    public string? Product => WithoutOrganization ? null : Missing;

    public bool WithoutOrganization => Missing == Organization;

    public IEnumerable<FieldError> Check()
    {
        if (Missing is not (null or Organization) && Catalogue.Products.All(product => product.Id != Missing))
            yield return new("missing", $"Must be {Organization} or a product of the catalogue.");
    }
}

/// <summary>The mapping grid: accounts down, products across.</summary>
internal static class MappingGrid
{
    private const int NamedMax = 10;

    public static void MapMappingGrid(this RouteGroupBuilder group)
    {
        var mappings = group.MapGroup("/mappings").WithTags("mappings");
        mappings.MapGet("", List);
        mappings.MapGet("/summary", Sum);
    }

    private static async Task<Ok<Page<GridRow>>> List([AsParameters] PageQuery page, [AsParameters] GridQuery query, MspDatabase database, CancellationToken cancellation)
    {
        var night = (await database.Night(cancellation)).Last;
        object?[] values = [page.From(0).First, page.Rows, query.Integration, query.Q, query.Product, query.WithoutOrganization, night];
        var accounts = await database.Rows(
            "Api/grid_accounts", values, row => new GridRow(new(row.GetInt64(0), row.GetString(1)), row.GetBoolean(2), row.GetInt64(3), NamedCount.None, []), cancellation);
        object?[] wanted = [accounts.Select(account => account.Account.Id).ToArray(), night, NamedMax];
        var organizations = Counts(await database.Rows("Api/grid_organizations", wanted, row => new Named(row.GetInt64(0), "", new(row.GetInt64(1), row.GetString(2)), row.GetInt64(3)), cancellation));
        var tenants = Counts(await database.Rows("Api/grid_tenants", wanted, row => new Named(row.GetInt64(0), row.GetString(1), new(row.GetInt64(2), row.GetString(3)), row.GetInt64(4)), cancellation));
        var products = await Products(database, cancellation);
        List<GridRow> rows =
        [
            .. accounts.Select(account => account with
            {
                Organizations = organizations.GetValueOrDefault((account.Account.Id, ""), NamedCount.None),
                Cells = [.. products.Select(product => new GridCell(product, tenants.GetValueOrDefault((account.Account.Id, product), NamedCount.None)))],
            }),
        ];
        return TypedResults.Ok(page.Of(rows, row => new(row.Account.Id, 0)));
    }

    private static async Task<Ok<GridSummary>> Sum(MspDatabase database, CancellationToken cancellation)
    {
        var night = (await database.Night(cancellation)).Last;
        var (accounts, organizations) = (await database.Rows(
            "Api/grid_totals", [night], row => (new OutOf(row.GetInt64(0), row.GetInt64(1)), new OutOf(row.GetInt64(2), row.GetInt64(3))), cancellation))[0];
        object?[] values = [await Products(database, cancellation), night];
        var products = await database.Rows(
            "Api/grid_summary", values, row => new ProductCoverage(row.GetString(0), new(row.GetInt64(1), accounts.All), new(row.GetInt64(2), row.GetInt64(3))), cancellation);
        return TypedResults.Ok(new GridSummary(accounts, organizations, products));
    }

    /// <summary>The products that some integration of the msp reads or is told of, in the catalogue's order; the others would be empty columns.</summary>
    private static async Task<string[]> Products(MspDatabase database, CancellationToken cancellation)
    {
        var sources = await database.Rows("Api/grid_sources", [], row => (Kind: row.GetString(0), Product: row.Text(1)), cancellation);
        return [.. Catalogue.Products.Where(product => sources.Exists(source => source.Product is { } fed ? fed == product.Id : source.Kind == product.Source)).Select(product => product.Id)];
    }

    private static Dictionary<(long Account, string Product), NamedCount> Counts(IEnumerable<Named> named) => named
        .GroupBy(one => (one.Account, one.Product))
        .ToDictionary(group => group.Key, group => new NamedCount(group.First().AllOfIt, [.. group.Select(one => one.Resource)]));

    private sealed record Named(long Account, string Product, NamedResource Resource, long AllOfIt);
}
