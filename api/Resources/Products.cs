using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Paging;
using UsageBilling.Interfaces.Products;

namespace UsageBilling.Api.Resources;

/// <summary>One metric of a product.</summary>
/// <param name="Kind"><c>count</c>, <c>flag</c> or <c>capacity</c>.</param>
internal sealed record MetricResource(string Id, string Name, string Kind);

/// <summary>One product of the catalogue.</summary>
/// <param name="Scope">What a product tenant is called.</param>
/// <param name="Source">The kind of integration that reads it.</param>
internal sealed record ProductResource(string Id, string Name, string Suite, string Scope, string Source, IReadOnlyList<MetricResource> Metrics);

/// <summary>The catalogue.</summary>
internal static class Products
{
    public static void MapProducts(this RouteGroupBuilder group) => group.MapGet("/products", List).WithTags("products");

    private static Ok<Page<ProductResource>> List() => TypedResults.Ok(new Page<ProductResource>([.. Catalogue.Products.Select(FromCatalogue)], null));

    private static ProductResource FromCatalogue(Product product) => new(
        product.Id,
        product.Name,
        product.Suite,
        product.Scope,
        product.Source,
        [.. product.Metrics.Select(metric => new MetricResource(metric.Id, metric.Name, Words.Of(metric.Kind)))]);
}
