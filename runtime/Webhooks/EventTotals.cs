using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Postings;

namespace UsageBilling.Runtime.Webhooks;

/// <summary>Sums as receivers get them: money with the decimals of its currency, beside it.</summary>
internal static class EventTotals
{
    public static string Json(IEnumerable<CurrencyTotal> totals) => new JsonArray([.. totals.Select(Of)]).ToJsonString();

    private static JsonObject Of(CurrencyTotal total) => new()
    {
        ["currency"] = total.Currency,
        ["items"] = total.Items,
        ["amount"] = total.Amount.ToString($"F{Currency.Of(total.Currency).MinorUnits}", CultureInfo.InvariantCulture),
    };
}
