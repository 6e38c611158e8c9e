using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Access;

namespace UsageBilling.Sandbox.Bms.Desk;

/// <summary>A ticket as the vendor shows it: the row, the names behind its ids, and what nobody has counted here as nothing.</summary>
internal sealed class TicketShape(BmsState state, BmsTenant tenant)
{
    private static readonly string[] ListProperties =
    [
        "id", "createdBy", "createdOn", "modifiedBy", "modifiedOn", "tenantName", "ticketNumber", "title", "details", "accountId", "locationId", "accountCode",
        "accountName", "locationName", "contactId", "contactName", "queueId", "queueName", "statusId", "statusName", "statusColor", "statusForeColor", "statusOrder",
        "priorityId", "priorityName", "priorityColor", "typeId", "typeName", "issueTypeId", "issueTypeName", "subIssueTypeId", "subIssueTypeName", "contractId",
        "contractNumber", "contractName", "assigneeId", "assigneeName", "workTypeId", "workTypeName", "ticketRecurringMasterId", "recurring", "slaStatusEventId",
        "sourceId", "slaId", "slaObjectiveId", "slaName", "isScheduled", "hardwareAssetId", "hasMetSLA", "actualPauseMinutes", "actualFirstResponseMinutes",
        "actualResolutionMinutes", "isSLAPaused", "slaStatusEnum", "openDate", "dueDate", "completedDate", "reOpenedDate", "lastActivityUpdate",
        "resolutionTargetTime", "resolutionActualTime", "firstResponseTargetTime", "firstResponseActualTime", "slaLastPausedTime", "slaLastResumedTime",
        "lastStatusUpdate", "lastPriorityUpdate", "lastQueueUpdate", "createdByName", "customFields", "hardwareAssetName",
    ];

    private static readonly string[] WholeProperties =
    [
        "id", "createdBy", "createdOn", "modifiedBy", "modifiedOn", "ticketNumber", "title", "details", "accountId", "accountCode", "accountName", "locationId",
        "locationName", "locationPhone", "contactId", "contactName", "contactPhone", "contactEmail", "softwareAssetId", "softwareAssetName", "hardwareAssetId",
        "hardwareAssetName", "vsaAssetId", "hasVsaAgent", "statusId", "statusName", "statusColor", "statusForeColor", "statusOrder", "priorityId", "priorityName",
        "priorityColor", "typeId", "typeName", "issueTypeId", "issueTypeName", "subIssueTypeId", "subIssueTypeName", "contractId", "contractNumber", "contractName",
        "workTypeId", "workTypeName", "slaStatusEventId", "sourceId", "sourceName", "openDate", "dueDate", "completedDate", "lastActivityUpdate", "lastStatusUpdate",
        "lastPriorityUpdate", "occurrenceCount", "lastOccurrenceDate", "cCs", "rmmTicketReference", "slaName", "hasMetSLA", "firstResponseTargetTime",
        "firstResponseActualTime", "resolutionActualTime", "resolutionTargetTime", "slaStatusEnum", "tenantId", "queueId", "queueName", "assigneeId", "assigneeName",
        "ticketRecurringMasterId", "recurring", "slaId", "slaObjectiveId", "isScheduled", "actualPauseMinutes", "actualFirstResponseMinutes",
        "actualResolutionMinutes", "isSLAPaused", "reOpenedDate", "slaLastPausedTime", "slaLastResumedTime", "lastQueueUpdate", "hasPostedEntries",
        "secondaryAssignees", "createdByName", "totalExpenses", "totalTimeSpent", "isReadOnly", "openDateLocked", "integrationTypeId",
    ];

    /// <summary>What a row has, in the vendor's names.</summary>
    public static IReadOnlyList<string> Kept { get; } =
    [
        "id", "createdBy", "createdOn", "modifiedBy", "modifiedOn", "ticketNumber", "completedDate", "reOpenedDate", "lastActivityUpdate", "lastStatusUpdate",
        "lastPriorityUpdate", "lastQueueUpdate", .. TicketField.All.Select(field => field.Property),
    ];

    /// <summary>As lists show it.</summary>
    public JsonObject InList(JsonObject row)
    {
        var named = Named(row);
        named["hardwareAssetId"] = 0;
        return Cell.Shown(named, ListProperties);
    }

    /// <summary>As it is shown by itself.</summary>
    public JsonObject Whole(JsonObject row)
    {
        var named = Named(row);
        named["cCs"] = new JsonArray();
        named["secondaryAssignees"] = new JsonArray();
        named["hasPostedEntries"] = false;
        named["isReadOnly"] = false;
        named["openDateLocked"] = false;
        named["tenantId"] = tenant.Id;
        return Cell.Shown(named, WholeProperties);
    }

    private JsonObject Named(JsonObject row)
    {
        var named = (JsonObject)row.DeepClone();
        var status = state.Lists.Find(BmsLists.Statuses, Cell.Int(row["statusId"]));
        var priority = state.Lists.Find(BmsLists.Priorities, Cell.Int(row["priorityId"]));
        var account = state.Accounts.Find(Cell.Int(row["accountId"]));
        var contract = state.Contracts.Find(Cell.Int(row["contractId"]));
        named["tenantName"] = tenant.Name;
        named["accountCode"] = account?["accountCode"]?.DeepClone();
        named["accountName"] = account?["accountName"]?.DeepClone();
        named["locationName"] = state.Location(Cell.Int(row["accountId"]), Cell.Int(row["locationId"]))?["locationName"]?.DeepClone();
        named["statusName"] = status?["name"]?.DeepClone();
        named["statusColor"] = status?["color"]?.DeepClone();
        named["statusForeColor"] = status?["fontColor"]?.DeepClone();
        named["statusOrder"] = status?["statusOrder"]?.DeepClone() ?? 0;
        named["priorityName"] = priority?["name"]?.DeepClone();
        named["priorityColor"] = priority?["color"]?.DeepClone();
        named["queueName"] = Name(BmsLists.Queues, row["queueId"]);
        named["typeName"] = Name(BmsLists.TicketTypes, row["typeId"]);
        named["issueTypeName"] = Name(BmsLists.IssueTypes, row["issueTypeId"]);
        named["subIssueTypeName"] = Name(BmsLists.IssueSubTypes, row["subIssueTypeId"]);
        named["workTypeName"] = Name(BmsLists.WorkTypes, row["workTypeId"]);
        named["slaName"] = Name(BmsLists.Slas, row["slaId"]);
        named["sourceName"] = Name(BmsLists.TicketSources, row["sourceId"]);
        named["contractNumber"] = contract?["contractNumber"]?.DeepClone();
        named["contractName"] = contract?["contractName"]?.DeepClone();
        named["assigneeName"] = tenant.User(Cell.Int(row["assigneeId"]))?.FullName;
        named["createdByName"] = tenant.User(Cell.Int(row["createdBy"]))?.FullName;
        named["isScheduled"] = 0;
        return named;
    }

    private string? Name(string list, JsonNode? id) => state.Lists.Name(list, Cell.Int(id));
}
