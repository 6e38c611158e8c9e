using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>What <c>entityInformation</c> and its two sub-routes say.</summary>
internal static class Metadata
{
    public static Answer Entity(EntityDescription entity)
    {
        var creates = entity.Has(Access.RootWrite | Access.RootCreate | Access.ChildWrite | Access.ChildCreate);
        var updates = entity.Has(Access.RootWrite | Access.ChildWrite);
        var queries = entity.Has(Access.Query);
        return Answer.Json(200, new JsonObject
        {
            ["info"] = new JsonObject
            {
                ["name"] = entity.Singular,
                ["canCreate"] = creates,
                ["canDelete"] = false,
                ["canQuery"] = queries,
                ["canUpdate"] = updates,
                ["userAccessForCreate"] = Level(creates),
                ["userAccessForDelete"] = Level(false),
                ["userAccessForQuery"] = Level(queries),
                ["userAccessForUpdate"] = Level(updates),
                ["hasUserDefinedFields"] = entity.HasUserDefinedFields,
                ["supportsWebhookCallouts"] = entity.Singular is "Company" or "Ticket",
            },
        });
    }

    public static Answer Fields(EntityDescription entity, Picklists picklists)
    {
        var fields = new JsonArray();
        foreach (var field in entity.Fields)
            fields.Add(Field(entity, field, picklists));
        return Answer.Json(200, new JsonObject { ["fields"] = fields });
    }

    public static Answer UserDefinedFields() => Answer.Json(200, new JsonObject { ["fields"] = new JsonArray() });

    private static string Level(bool can) => can ? "All" : "None";

    private static JsonObject Field(EntityDescription entity, FieldDescription field, Picklists picklists) => new()
    {
        ["name"] = field.Name,
        ["dataType"] = field.DataType,
        ["length"] = field.Length,
        ["isRequired"] = field.IsRequired,
        ["isReadOnly"] = field.IsReadOnly,
        ["isQueryable"] = field.IsQueryable && !field.IsWriteOnly,
        ["isReference"] = field.References is not null,
        ["referenceEntityType"] = field.References is { } name ? EntityCatalogue.ByPlural(name)!.Singular : "",
        ["isPickList"] = field.IsPicklist,
        ["picklistValues"] = field.IsPicklist ? picklists.Shown(entity, field) : null,
        ["picklistParentValueField"] = "",
        ["isSupportedWebhookField"] = false,
    };
}
