using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Access;
using UsageBilling.Sandbox.Bms.Asking;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Finance;

/// <summary>Contracts made, given more lines, switched on and off. No line that exists can be changed: only a person does that, by hand.</summary>
internal sealed class ContractWrites(BmsState state, BmsJournal kept)
{
    private const string Entity = "contracts";

    public Answer Create(Ask ask, BmsUser user)
    {
        if (WireJson.ObjectFrom(ask.Body) is not { } body)
            return BmsAnswers.Invalid(["The body is not a JSON object."]);
        var fields = new BodyFields(body, []);
        var contract = Head(fields, user);
        Check(contract, fields.Errors);
        var services = (WireJson.Member(body, "Services") as JsonArray ?? []).ToList();
        var lines = services.Select((service, at) => Line(service, $"Services[{at}].", contract, user, fields.Errors)).ToList();
        if (fields.Errors.Count > 0)
            return BmsAnswers.Invalid(fields.Errors);
        var id = state.Contracts.Insert(contract);
        contract["contractNumber"] = $"CN-{id:000000}";
        foreach (var line in lines)
            Add(line!, id);
        kept.Keep(ask, Entity, id, body);
        return BmsAnswers.Result(Made(contract));
    }

    public Answer AddServices(Ask ask, int contractId, BmsUser user)
    {
        if (state.Contracts.Find(contractId) is not { } contract)
            return BmsAnswers.Missing("Contract", $"{contractId}");
        if (WireJson.ArrayFrom(ask.Body) is not { Count: > 0 } services)
            return BmsAnswers.Invalid(["The body is not a JSON array of services."]);
        List<string> errors = [];
        var lines = services.Select((service, at) => Line(service, $"[{at}].", contract, user, errors)).ToList();
        if (errors.Count > 0)
            return BmsAnswers.Invalid(errors);
        foreach (var line in lines)
            Add(line!, contractId);
        kept.Keep(lines.Zip(services, (line, service) => Entry(ask, contractId, line!, service)).ToList());
        return BmsAnswers.Result(ContractLines.Added(lines[^1]!, Cell.Text(contract["contractName"])));
    }

    public Answer SetActive(Ask ask, int contractId, BmsUser user, bool active)
    {
        if (state.Contracts.Find(contractId) is not { } contract)
            return BmsAnswers.Missing("Contract", $"{contractId}");
        contract["statusId"] = active ? Contracts.ActiveStatus : Contracts.InactiveStatus;
        Touch(contract, user.Id);
        kept.Keep(ask, Entity, contractId, null);
        var shown = Cell.Shown(contract, ["id", "contractName", "contractDescription", "contractNumber", "statusId"]);
        shown["statusName"] = Status(contract);
        shown["typeId"] = Contracts.TypeId;
        shown["typeName"] = Contracts.TypeName;
        return BmsAnswers.Result(shown);
    }

    /// <summary>Null when done, else why not.</summary>
    public string? EditByHand(FaultRequest edit, string path)
    {
        if (state.Lines.Find(edit.ContractServiceId) is not { } line)
            return $"There is no service {edit.ContractServiceId} of a contract.";
        var before = Cell.Int(line["units"]) ?? 0;
        var after = before + edit.UnitChange!.Value;
        if (after < 0)
            return $"Service {edit.ContractServiceId} has {before} units; there cannot be {after}.";
        line["units"] = after;
        Touch(line, user: 1);
        var done = new JournalAdjustment(Cell.Int(line["contractId"])!.Value, edit.ContractServiceId!.Value, edit.EffectiveDate!.Value, edit.UnitChange.Value, before, after);
        kept.Keep([new JournalEntry("POST", path, ContractLines.Entity, $"{edit.ContractServiceId}", null, Foreign: true) { Adjustment = done }]);
        return null;
    }

    private JsonObject Head(BodyFields fields, BmsUser user) => new()
    {
        ["contractName"] = fields.Text("ContractName", required: true),
        ["accountId"] = fields.Int("AccountId", required: true, least: 1),
        ["slaId"] = fields.Int("SLAId", required: false),
        ["referenceNumber"] = fields.Text("ReferenceNumber", required: false),
        ["statusId"] = Contracts.ActiveStatus,
        ["billingCycleId"] = fields.Int("BillingCycleId", required: true),
        ["startDate"] = Wire(fields.Instant("StartDate", required: true)),
        ["endDate"] = Wire(fields.Instant("EndDate", required: true)),
        ["isDefaultContract"] = fields.Flag("IsDefaultContract", required: false),
        ["issueInvoiceOn"] = fields.Flag("IssueInvoiceOn", required: false),
        ["isFiscalBilling"] = fields.Flag("IsFiscalBilling", required: false),
        ["isNotificationEnabled"] = fields.Flag("IsNotificationEnabled", required: false) ?? false,
        ["notificationEmails"] = (WireJson.Member(fields.Body, "NotificationEmails") as JsonArray ?? []).DeepClone(),
        ["createdBy"] = user.Id,
        ["createdOn"] = Cell.Wire(kept.Now),
    };

    private void Check(JsonObject contract, List<string> errors)
    {
        if (Cell.Int(contract["accountId"]) is { } account && state.Accounts.Find(account) is null)
            errors.Add($"The AccountId {account} does not exist.");
        if (Cell.Int(contract["billingCycleId"]) is { } cycle && state.Lists.Find(BmsLists.BillingCycles, cycle) is null)
            errors.Add($"The BillingCycleId {cycle} does not exist.");
        if (Cell.Int(contract["slaId"]) is { } sla && state.Lists.Find(BmsLists.Slas, sla) is null)
            errors.Add($"The SLAId {sla} does not exist.");
        if (Cell.Instant(contract["endDate"]) <= Cell.Instant(contract["startDate"]))
            errors.Add("The EndDate must be after the StartDate.");
    }

    /// <summary>A line as asked for. A number that is left out is 0, as the vendor's description has no empty ones here.</summary>
    private JsonObject? Line(JsonNode? asked, string where, JsonObject contract, BmsUser user, List<string> errors)
    {
        if (asked is not JsonObject body)
        {
            errors.Add($"{where.TrimEnd('.')} is not a JSON object.");
            return null;
        }

        var fields = new BodyFields(body, errors, where);
        var serviceId = fields.Int("ServiceId", required: true);
        var service = state.Services.Find(serviceId);
        if (serviceId is not null && service is null)
            errors.Add($"The {where}ServiceId {serviceId} does not exist.");
        var effective = fields.Instant("EffectiveDate", required: true);
        if (effective < Cell.Instant(contract["startDate"]) || effective > Cell.Instant(contract["endDate"]))
            errors.Add($"The {where}EffectiveDate must lie in the contract.");
        return new JsonObject
        {
            ["serviceId"] = serviceId,
            ["serviceName"] = fields.Text("ServiceName", required: false) ?? Cell.Text(service?["name"]),
            ["serviceDescription"] = fields.Text("ServiceDescription", required: false) ?? Cell.Text(service?["description"]),
            ["units"] = fields.Int("Units", required: false, least: 0) ?? 0,
            ["unitCost"] = fields.Number("UnitCost") ?? 0,
            ["unitPrice"] = fields.Number("UnitPrice") ?? 0,
            ["effectiveDate"] = Wire(effective),
            ["sortOrder"] = fields.Int("SortOrder", required: false) ?? 0,
            ["createdBy"] = user.Id,
            ["createdOn"] = Cell.Wire(kept.Now),
        };
    }

    private void Add(JsonObject line, long contractId)
    {
        line["contractId"] = contractId;
        state.Lines.Insert(line);
    }

    private static JournalEntry Entry(Ask ask, int contractId, JsonObject line, JsonNode? body)
    {
        var id = Cell.Int(line["id"])!.Value;
        var units = Cell.Int(line["units"])!.Value;
        var effective = DateOnly.FromDateTime(Cell.Instant(line["effectiveDate"])!.Value.UtcDateTime);
        return new JournalEntry(ask.Method, ask.Path, ContractLines.Entity, $"{id}", body, Foreign: false)
        {
            Adjustment = new JournalAdjustment(contractId, id, effective, units, 0, units),
        };
    }

    private JsonObject Made(JsonObject contract)
    {
        var id = Cell.Int(contract["id"])!.Value;
        var name = Cell.Text(contract["contractName"]);
        var shown = Cell.Shown(contract, ["id", "createdBy", "createdOn", "modifiedBy", "modifiedOn", "contractName", "accountId"]);
        shown["accountName"] = state.Accounts.Find(Cell.Int(contract["accountId"]))?["accountName"]?.DeepClone();
        shown["typeId"] = Contracts.TypeId;
        shown["typeName"] = Contracts.TypeName;
        Copy(contract, shown, "slaId");
        shown["slaName"] = state.Lists.Name(BmsLists.Slas, Cell.Int(contract["slaId"]));
        Copy(contract, shown, "referenceNumber", "statusId");
        shown["statusName"] = Status(contract);
        Copy(contract, shown, "contractNumber", "billingCycleId");
        shown["billingCycleName"] = state.Lists.Name(BmsLists.BillingCycles, Cell.Int(contract["billingCycleId"]));
        shown["contractBillingPrice"] = Contracts.Price(contract, state);
        Copy(contract, shown, "startDate", "endDate", "isDefaultContract");
        shown["issueInvoiceOnId"] = contract["issueInvoiceOn"]?.DeepClone();
        shown["issueInvoiceOnName"] = null;
        Copy(contract, shown, "isFiscalBilling", "isNotificationEnabled", "notificationEmails");
        shown["services"] = new JsonArray([.. state.LinesOf(id).Select(line => ContractLines.InContract(line, name))]);
        return shown;
    }

    private static void Copy(JsonObject contract, JsonObject shown, params IReadOnlyList<string> properties)
    {
        foreach (var property in properties)
            shown[property] = contract[property]?.DeepClone();
    }

    private string? Status(JsonObject contract) => state.Lists.Name(BmsLists.ContractStatuses, Cell.Int(contract["statusId"]));

    private void Touch(JsonObject row, int user)
    {
        row["modifiedBy"] = user;
        row["modifiedOn"] = Cell.Wire(kept.Now);
    }

    private static string? Wire(DateTimeOffset? instant) => instant is { } known ? Cell.Wire(known) : null;
}
