using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Documents;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Runtime.Billing;

namespace UsageBilling.Api.Resources;

/// <summary>Invoices: made of what is posted, once, and never changed.</summary>
internal static class Invoices
{
    /// <summary>An invoice of another day than today is somebody's bookkeeping; one of another year is a slip of the pen.</summary>
    private const int IssuedDaysMax = 366;

    public static void MapInvoices(this RouteGroupBuilder group)
    {
        var invoices = group.MapGroup("/invoices").WithTags("invoices");
        invoices.MapGet("", List);
        invoices.MapGet("/{id:long}", Get);
        invoices.MapGet("/{id:long}.csv", Csv).Produces<string>(StatusCodes.Status200OK, InvoiceSheet.MediaType);
        invoices.MapGet("/{id:long}.html", Html).Produces<string>(StatusCodes.Status200OK, InvoicePage.MediaType);
        invoices.MapGroup("").RequireAuthorization(Policies.Operator).MapPost("", Make);
    }

    private static async Task<Ok<Page<InvoiceHeadResource>>> List(
        [AsParameters] PageQuery page, [AsParameters] InvoiceQuery query, MspDatabase database, CancellationToken cancellation)
    {
        var rows = await database.Rows(
            "Billing/invoices", [null, page.From(long.MaxValue).First, page.Rows, query.Account, query.From, query.To], InvoiceHeadResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, invoice => new(invoice.Id, 0)));
    }

    /// <summary>As JSON, or as what the caller would rather have.</summary>
    private static async Task<Results<Ok<InvoiceResource>, InvoiceFile, ProblemResult>> Get(long id, HttpContext context, MspDatabase database, CancellationToken cancellation)
    {
        if (await Read(database, id, cancellation) is not { } invoice) return ProblemResult.Of(ProblemCode.NotFound);
        return Wanted(context.Request) switch
        {
            InvoiceSheet.MediaType => InvoiceSheet.Of(invoice),
            InvoicePage.MediaType => InvoicePage.Of(invoice),
            _ => TypedResults.Ok(invoice.ToJson()),
        };
    }

    private static async Task<Results<InvoiceFile, ProblemResult>> Csv(long id, MspDatabase database, CancellationToken cancellation) =>
        await Read(database, id, cancellation) is { } invoice ? InvoiceSheet.Of(invoice) : ProblemResult.Of(ProblemCode.NotFound);

    private static async Task<Results<InvoiceFile, ProblemResult>> Html(long id, MspDatabase database, CancellationToken cancellation) =>
        await Read(database, id, cancellation) is { } invoice ? InvoicePage.Of(invoice) : ProblemResult.Of(ProblemCode.NotFound);

    private static async Task<Results<Ok<InvoicesMadeResource>, ProblemResult>> Make(
        NewInvoices? request, MspDatabase database, InvoiceStore store, CancellationToken cancellation)
    {
        var wanted = request ?? new();
        if (await IssuedWrong(database, wanted.IssuedOn, cancellation) is { } wrong) return wrong;
        var (scope, made) = await store.Make(
            new(database.Msp, wanted.Account, wanted.Contract, wanted.Through, wanted.IssuedOn, database.Actor, JobRun: null), cancellation);
        if (scope == InvoiceScope.AccountUnknown) return ProblemResult.Of(ProblemCode.AccountUnknown);
        if (scope == InvoiceScope.ContractUnknown) return ProblemResult.Of(ProblemCode.ContractUnknown);
        var invoices = await database.Rows("Billing/invoices_made", [made.Invoices.ToArray()], InvoiceHeadResource.FromRow, cancellation);
        return TypedResults.Ok(new InvoicesMadeResource(invoices, [.. made.CarriedForward.Select(CarriedForwardResource.Of)], made.More));
    }

    private static async Task<ProblemResult?> IssuedWrong(MspDatabase database, DateOnly? issuedOn, CancellationToken cancellation)
    {
        if (issuedOn is not { } date) return null;
        var away = date.DayNumber - (await database.Night(cancellation)).Last.DayNumber;
        return Math.Abs(away) <= IssuedDaysMax ? null : ProblemResult.Of(ProblemCode.ValidationFailed, [new("issued_on", $"Must be within {IssuedDaysMax} days of today.")]);
    }

    /// <summary>The first of the three that the caller accepts, the most wanted first; JSON when it does not matter.</summary>
    private static string? Wanted(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
            ? accepted.OrderByDescending(type => type.Quality ?? 1).Select(type => type.MediaType.Value)
                .FirstOrDefault(type => type is InvoiceSheet.MediaType or InvoicePage.MediaType or "application/json" or "*/*")
            : null;

    private static async Task<InvoiceRows?> Read(MspDatabase database, long id, CancellationToken cancellation)
    {
        var heads = await database.Rows(
            "Billing/invoices", [id, long.MaxValue, 1, null, null, null], row => (Head: InvoiceHeadResource.FromRow(row), Msp: row.GetString(11)), cancellation);
        if (heads.Count == 0) return null;
        return new(heads[0].Head, heads[0].Msp, await database.Rows("Billing/invoice_lines", [id], InvoiceLineRow.FromRow, cancellation));
    }
}
