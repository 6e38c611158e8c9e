using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;

namespace UsageBilling.Sandbox.Autotask.Units;

/// <summary>Lines of contracts, each with one units row per billing period from the contract's first day to its last.</summary>
internal sealed class ServiceLines(AutotaskState state, LineKind kind)
{
    /// <summary>Completes the line from what it sells, adds it, and adds its units rows.</summary>
    public long Add(JsonObject contract, JsonObject line, long units)
    {
        var service = state.Of(kind.Catalogue).Find(Row.Long(line, kind.Sold))!;
        var price = Row.Decimal(service, "unitPrice") ?? 0;
        var adjusted = Row.Decimal(line, "adjustedPrice") ?? price;
        line["contractID"] = Row.Long(contract, "id");
        line["unitPrice"] = price;
        line["unitCost"] = Row.Decimal(line, "unitCost") ?? Row.Decimal(service, "unitCost") ?? 0;
        line["internalCurrencyUnitPrice"] = price;
        line["internalCurrencyAdjustedPrice"] = adjusted;
        line["invoiceDescription"] ??= service["invoiceDescription"]?.DeepClone();
        if (kind.Lines.Field("adjustedPrice") is { IsWriteOnly: true })
            line.Remove("adjustedPrice");
        var id = state.Of(kind.Lines).Insert(line);
        var months = BillingPeriods.Months(Row.Long(contract, "contractPeriodType"));
        foreach (var (from, through) in BillingPeriods.Of(Row.Day(contract, "startDate")!.Value, Row.Day(contract, "endDate")!.Value, months))
        {
            var row = new JsonObject
            {
                ["contractID"] = Row.Long(contract, "id"),
                [kind.Line] = id,
                [kind.Sold] = Row.Long(line, kind.Sold),
                ["startDate"] = FieldValue.Text(from),
                ["endDate"] = FieldValue.Text(through),
                [Row.UnitPrice] = adjusted,
                [Row.UnitCost] = Row.Decimal(line, "unitCost"),
            };
            SetUnits(row, units);
            state.Of(kind.Units).Insert(row);
        }

        return id;
    }

    /// <summary>The line's units rows by date.</summary>
    public List<JsonObject> UnitsOf(long lineId) =>
    [
        .. state.Of(kind.Units).Of(kind.Line, lineId).OrderBy(row => Row.Day(row, "startDate")),
    ];

    /// <summary>Cuts the row in two when the day is inside it. The rows from the day on, in order.</summary>
    public List<JsonObject> From(long lineId, DateOnly day)
    {
        var inside = UnitsOf(lineId).Find(row => Row.Day(row, "startDate") < day && day <= Row.Day(row, "endDate"));
        if (inside is not null)
        {
            var later = (JsonObject)inside.DeepClone();
            later.Remove("id");
            later["startDate"] = FieldValue.Text(day);
            inside["endDate"] = FieldValue.Text(day.AddDays(-1));
            state.Of(kind.Units).Insert(later);
        }

        return UnitsOf(lineId).FindAll(row => Row.Day(row, "startDate") >= day);
    }

    /// <summary>Price and cost of a row are extended amounts: units × price of one, whatever the number of days.</summary>
    public static void SetUnits(JsonObject row, long units)
    {
        var price = units * (Row.Decimal(row, Row.UnitPrice) ?? 0);
        row["units"] = units;
        row["price"] = price;
        row["internalCurrencyPrice"] = price;
        row["cost"] = units * (Row.Decimal(row, Row.UnitCost) ?? 0);
    }
}
