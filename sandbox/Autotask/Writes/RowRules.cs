using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Autotask.Units;

namespace UsageBilling.Sandbox.Autotask.Writes;

/// <summary>What the vendor checks and fills in by itself, per entity.</summary>
internal sealed class RowRules(AutotaskState state, SandboxClock clock)
{
    private const long RecurringService = 7;
    private const long Complete = 5;

    /// <summary>What is wrong with the row as a whole.</summary>
    public IEnumerable<string> Objections(EntityDescription entity, JsonObject row)
    {
        if (entity == EntityCatalogue.Tickets)
            return OfTicket(row);
        if (entity == EntityCatalogue.Contracts)
            return OfContract(row);
        if (LineKind.Of(entity) is not null)
            return OfContractService(row);
        return IsCharge(entity) ? OfCharge(row) : [];
    }

    public void BeforeCreate(EntityDescription entity, JsonObject row)
    {
        var now = FieldValue.Text(clock.Now.UtcDateTime);
        foreach (var stamp in new[] { "createDate", "createDateTime", "lastActivityDate", "lastModifiedDate" })
        {
            if (entity.Field(stamp) is not null)
                row[stamp] = now;
        }

        if (entity.Field("creatorResourceID") is not null)
            row["creatorResourceID"] = AutotaskSeed.ApiResourceId;
        if (entity == EntityCatalogue.Companies || entity == EntityCatalogue.CompanyLocations || entity == EntityCatalogue.Services || entity == EntityCatalogue.ServiceBundles)
            row["isActive"] ??= true;
        if (IsCharge(entity))
            Charge(row);
        if (entity == EntityCatalogue.TicketNotes && state.Of(EntityCatalogue.Tickets).Find(Row.Long(row, "ticketID")) is { } ticket)
            ticket["lastActivityDate"] = now;
        if (entity == EntityCatalogue.Tickets)
        {
            row["ticketNumber"] = NextTicketNumber();
            Completed(row, null);
        }
    }

    public void BeforeChange(EntityDescription entity, JsonObject before, JsonObject after)
    {
        var now = FieldValue.Text(clock.Now.UtcDateTime);
        if (entity.Field("lastActivityDate") is not null)
            after["lastActivityDate"] = now;
        if (entity.Field("lastModifiedDate") is not null)
            after["lastModifiedDate"] = now;
        if (entity == EntityCatalogue.Tickets)
            Completed(after, Row.Long(before, "status"));
        if (IsCharge(entity))
            Charge(after);
        if (LineKind.Of(entity) is not null && Row.Decimal(after, "adjustedPrice") is { } price)
            after["internalCurrencyAdjustedPrice"] = price;
        if (entity.Field("adjustedPrice") is { IsWriteOnly: true })
            after.Remove("adjustedPrice");
    }

    private static bool IsCharge(EntityDescription entity) => entity == EntityCatalogue.ContractCharges || entity == EntityCatalogue.TicketCharges;

    private IEnumerable<string> OfTicket(JsonObject row)
    {
        var resource = row["assignedResourceID"] is not null;
        var role = row["assignedResourceRoleID"] is not null;
        if (resource != role)
            yield return "When assigning a Resource, you must assign both a assignedResourceID and assignedResourceRoleID.";
        if (row["queueID"] is null && !(resource && role))
            yield return "QueueID is required when no assignedResourceID and assignedResourceRoleID are given.; on record number [0].";
        if (state.Of(EntityCatalogue.CompanyLocations).Find(Row.Long(row, "companyLocationID")) is { } place && Row.Long(place, "companyID") != Row.Long(row, "companyID"))
            yield return "Value does not reference an existing entity for companyLocationID . ";
        if (state.Of(EntityCatalogue.Contacts).Find(Row.Long(row, "contactID")) is { } contact && Row.Long(contact, "companyID") != Row.Long(row, "companyID"))
            yield return "Value does not reference an existing entity for contactID . ";
        foreach (var field in EntityCatalogue.Tickets.Fields.Where(field => field.PicklistParent is not null))
        {
            if (Row.Long(row, field.Name) is { } value && state.Picklists.Parent(EntityCatalogue.Tickets, field, value) is { } parent && parent != Row.Long(row, field.PicklistParent!))
                yield return $"Value does not reference an existing entity for {field.Name} . ";
        }
    }

    private static IEnumerable<string> OfCharge(JsonObject row)
    {
        if (row["productID"] is null && row["billingCodeID"] is null)
            yield return "productID or billingCodeID is required.; on record number [0].";
    }

    private static void Charge(JsonObject row)
    {
        var quantity = Row.Decimal(row, "unitQuantity") ?? 0;
        row["billableAmount"] = quantity * (Row.Decimal(row, "unitPrice") ?? 0);
        row["internalCurrencyBillableAmount"] = quantity * (Row.Decimal(row, "unitPrice") ?? 0);
        row["internalCurrencyUnitPrice"] = Row.Decimal(row, "unitPrice");
        row["extendedCost"] = quantity * (Row.Decimal(row, "unitCost") ?? 0);
        row["isBilled"] = false;
    }

    private static IEnumerable<string> OfContract(JsonObject row)
    {
        if (Row.Long(row, "contractType") == RecurringService && row["contractPeriodType"] is null)
            yield return "contractPeriodType is required.; on record number [0].";
        if (Row.Day(row, "endDate") < Row.Day(row, "startDate"))
            yield return "endDate must not be before startDate.";
    }

    private IEnumerable<string> OfContractService(JsonObject row)
    {
        if (state.Of(EntityCatalogue.Contracts).Find(Row.Long(row, "contractID")) is { } contract && Row.Long(contract, "contractType") != RecurringService)
            yield return "Services can be added to contracts of type Recurring Service only.";
    }

    private void Completed(JsonObject row, long? statusBefore)
    {
        var complete = Row.Long(row, "status") == Complete;
        if (complete && statusBefore != Complete)
        {
            row["completedDate"] = FieldValue.Text(clock.Now.UtcDateTime);
            row["completedByResourceID"] = AutotaskSeed.ApiResourceId;
        }
        else if (!complete)
        {
            row["completedDate"] = null;
            row["completedByResourceID"] = null;
        }
    }

    private string NextTicketNumber()
    {
        var day = "T" + clock.Today.ToString("yyyyMMdd", CultureInfo.InvariantCulture) + ".";
        var taken = state.Of(EntityCatalogue.Tickets).Rows.Count(row => Row.Text(row, "ticketNumber")?.StartsWith(day, StringComparison.Ordinal) == true);
        return day + (taken + 1).ToString("0000", CultureInfo.InvariantCulture);
    }
}
