using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Control;

namespace UsageBilling.Sandbox.Autotask.Units;

/// <summary>Either what an adjustment did, or why it was refused and nothing changed.</summary>
internal sealed record AdjustmentOutcome(JournalAdjustment? Done, string? Refusal);

/// <summary>Adjustments of services or bundles: dated deltas, the only way to change units.</summary>
internal sealed class Adjustments(AutotaskState state, SandboxClock clock, LineKind kind)
{
    private const long RecurringService = 7;

    private readonly ServiceLines lines = new(state, kind);

    /// <param name="asked">The properties of the adjustment, types already checked.</param>
    /// <param name="contractInUrl">The parent of the url; null for the root url.</param>
    public AdjustmentOutcome Apply(JsonObject asked, long? contractInUrl)
    {
        var contractId = contractInUrl ?? Row.Long(asked, "contractID");
        if (contractInUrl is not null && Row.Long(asked, "contractID") is { } inBody && inBody != contractInUrl)
            return Refused("The contractID in the body is not the contract in the url.");
        var line = Line(asked, contractId);
        if (line is not null && contractId is not null && Row.Long(line, "contractID") != contractId)
            return Refused(NoReference(kind.Line));
        if (line is null && Row.Long(asked, kind.Sold) is null)
            return Refused(NoReference(kind.Line));
        var contract = state.Of(EntityCatalogue.Contracts).Find(line is null ? contractId : Row.Long(line, "contractID"));
        if (contract is null)
            return Refused(NoReference("contractID"));
        if (Objection(asked, contract, line) is { } objection)
            return Refused(objection);
        return Done(asked, contract, line);
    }

    private JsonObject? Line(JsonObject asked, long? contractId)
    {
        var table = state.Of(kind.Lines);
        if (table.Find(Row.Long(asked, kind.Line)) is { } named)
            return named;
        if (Row.Flag(asked, kind.Repeat))
            return null;
        var sold = Row.Long(asked, kind.Sold);
        return table.Rows.FirstOrDefault(row =>
            sold is not null && contractId is not null && Row.Long(row, kind.Sold) == sold && Row.Long(row, "contractID") == contractId);
    }

    private string? Objection(JsonObject asked, JsonObject contract, JsonObject? line)
    {
        var day = Row.Day(asked, "effectiveDate")!.Value;
        if (Row.Long(contract, "contractType") != RecurringService)
            return "Services can be adjusted on contracts of type Recurring Service only.";
        if (day < Row.Day(contract, "startDate") || day > Row.Day(contract, "endDate"))
            return $"{kind.Adjustments.Singular} effectiveDate must be between the start date and end date of the Contract referenced by contractID.";
        if (asked["unitChange"] is null && asked["adjustedUnitPrice"] is null && asked["adjustedUnitCost"] is null)
            return "unitChange is required.; on record number [0].";
        if (line is not null && DateIsTaken(Row.Long(line, "id"), day))
            return "Attempt to insert duplicate data into " + kind.Periods;
        return UnitsObjection(line, day, Row.Long(asked, "unitChange") ?? 0);
    }

    private string? UnitsObjection(JsonObject? line, DateOnly day, long change)
    {
        long least = 0;
        if (line is not null)
        {
            var rows = lines.UnitsOf(Row.Long(line, "id")!.Value).FindAll(row => Row.Day(row, "endDate") >= day);
            if (rows.Count == 0)
                return $"The service has no billing period on {day:yyyy-MM-dd}.";
            least = rows.Min(row => Row.Long(row, "units")!.Value);
        }

        return least + change is < 0 or > int.MaxValue ? $"The units of a service can not go below 0 (they are {least} and the change is {change})." : null;
    }

    private bool DateIsTaken(long? lineId, DateOnly day) => lineId is { } line
        && state.Of(kind.Adjustments).Of(kind.Line, line).Any(row => Row.Day(row, "effectiveDate") == day);

    private AdjustmentOutcome Done(JsonObject asked, JsonObject contract, JsonObject? line)
    {
        var day = Row.Day(asked, "effectiveDate")!.Value;
        var change = Row.Long(asked, "unitChange") ?? 0;
        var lineId = line is null
            ? lines.Add(contract, new JsonObject { [kind.Sold] = Row.Long(asked, kind.Sold) }, units: 0)
            : Row.Long(line, "id")!.Value;
        var rows = lines.From(lineId, day);
        var before = Row.Long(rows[0], "units")!.Value;
        foreach (var row in rows)
        {
            if (kind.PricesChange)
            {
                row[Row.UnitPrice] = Row.Decimal(asked, "adjustedUnitPrice") ?? Row.Decimal(row, Row.UnitPrice);
                row[Row.UnitCost] = Row.Decimal(asked, "adjustedUnitCost") ?? Row.Decimal(row, Row.UnitCost);
            }

            ServiceLines.SetUnits(row, Row.Long(row, "units")!.Value + change);
        }

        var kept = (JsonObject)asked.DeepClone();
        kept[kind.Line] = lineId;
        kept["contractID"] = Row.Long(contract, "id");
        state.Of(kind.Adjustments).Insert(kept);
        var done = new JournalAdjustment(Row.Long(contract, "id")!.Value, lineId, day, change, before, before + change);
        AddNote(done);
        return new AdjustmentOutcome(done, null);
    }

    /// <summary>The vendor's only trace of an adjustment that people can see.</summary>
    private void AddNote(JournalAdjustment done)
    {
        var sold = state.Of(kind.Catalogue).Find(Row.Long(state.Of(kind.Lines).Find(done.ContractServiceId)!, kind.Sold));
        var now = FieldValue.Text(clock.Now.UtcDateTime);
        state.Of(EntityCatalogue.ContractNotes).Insert(new JsonObject
        {
            ["contractID"] = done.ContractId,
            ["createDateTime"] = now,
            ["creatorResourceID"] = AutotaskSeed.ApiResourceId,
            ["description"] = $"{Row.Text(sold!, "name")}: units changed by {done.UnitChange:+0;-0;0} from {done.UnitsBefore} to {done.UnitsAfter}, effective {done.EffectiveOn:yyyy-MM-dd}.",
            ["lastActivityDate"] = now,
            ["title"] = "Contract service adjusted",
        });
    }

    private static string NoReference(string field) => $"Value does not reference an existing entity for {field} . ";

    private static AdjustmentOutcome Refused(string why) => new(null, why);
}
