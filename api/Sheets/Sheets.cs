using Microsoft.AspNetCore.Mvc;
using UsageBilling.Api.Access;

namespace UsageBilling.Api.Sheets;

/// <summary>What people edit in a spreadsheet: out as a file, and in again.</summary>
internal static class Sheets
{
    public static void MapSheets(this RouteGroupBuilder group)
    {
        group.MapGet("/mappings/export", MappingSheet.Export).WithTags("mappings").Produces<string>(StatusCodes.Status200OK, SheetExport.MediaType);
        group.MapGet("/lines/export", LineSheet.Export).WithTags("lines").Produces<string>(StatusCodes.Status200OK, SheetExport.MediaType);
        group.MapPost("/mappings/import", MappingSheet.Import).WithTags("mappings").Takes();
        group.MapPost("/lines/import", LineSheet.Import).WithTags("lines").Takes();
    }

    private static void Takes(this RouteHandlerBuilder route) =>
        route.RequireAuthorization(Policies.Operator).Accepts<string>(SheetExport.MediaType).WithMetadata(new RequestSizeLimitAttribute(Sheet.BytesMax));
}
