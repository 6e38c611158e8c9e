using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>The one change of a contract that Kaseya knows: a line more, with its own units, price and day. It cannot be changed or taken back by the API.</summary>
internal sealed class BmsLines(string kind, BmsCalls calls, BmsCatalogue catalogue) : IPsaLines
{
    private const string ServicesEndpoint = "finance/contracts/recurringservices/services";

    public string Kind => kind;

    public async Task<SendOutcome> AddLine(VendorAccess access, NewLine line, CancellationToken cancellation)
    {
        if (Refusal(line) is { } refusal) return refusal;
        if (BmsIds.Of(line.ContractRemoteId) is not { } contract || BmsIds.Of(line.ServiceRemoteId) is not { } service)
            return new SendOutcome.Refused("remote_id_invalid", "The contract or the service has no id of Kaseya's.");
        var body = new JsonArray(new JsonObject
        {
            ["ServiceId"] = service,
            ["ServiceName"] = line.Name,
            ["Units"] = (int)line.Units,
            ["UnitCost"] = line.UnitCost,
            ["UnitPrice"] = line.UnitPrice,
            ["EffectiveDate"] = line.EffectiveOn.ToString("yyyy-MM-dd'T00:00:00'", CultureInfo.InvariantCulture),
        });
        var path = string.Create(CultureInfo.InvariantCulture, $"finance/contracts/recurringservices/{contract}/services");
        // The body is a list, and the result one line all the same.
        return await calls.Send(access, ServicesEndpoint, (HttpMethod.Post, path, body, BmsCalls.Json), envelope => envelope.Result?.Id("id") is not null, cancellation);
    }

    public async Task<VendorAnswer<IReadOnlyList<AddedLine>>> AddedLines(VendorAccess access, string serviceRemoteId, CancellationToken cancellation)
    {
        if (BmsIds.Of(serviceRemoteId) is null) return Answers.Failed<IReadOnlyList<AddedLine>>(new(VendorFailureKind.Rejected, "remote_id_invalid", "The service has no id of Kaseya's."));
        return await catalogue.LinesOf(access, serviceRemoteId, cancellation).Then(lines => Answers.Of<IReadOnlyList<AddedLine>>(
            [.. lines.Select(line => new AddedLine(line.RemoteId, line.ContractRemoteId, line.EffectiveOn, line.UnitPrice, line.UnitCost))]));
    }

    private static SendOutcome.Refused? Refusal(NewLine line)
    {
        if (decimal.Truncate(line.Units) != line.Units) return new("fractional_units", "Kaseya takes whole units only.");
        if (line.Units is < 1m or > int.MaxValue) return new("units_out_of_range", "A line is added with at least one unit, and with no more than Kaseya can hold.");
        return null;
    }
}

/// <summary>Kaseya's ids: whole numbers from 1.</summary>
internal static class BmsIds
{
    public static int? Of(string? remoteId) => int.TryParse(remoteId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;
}
