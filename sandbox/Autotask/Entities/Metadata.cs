using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>What <c>entityInformation</c> and its two sub-routes say.</summary>
internal static class Metadata
{
    /// <param name="blind">Whether the user's security level lets it see nothing.</param>
    public static Answer Entity(EntityDescription entity, bool blind)
    {
        var creates = entity.Has(Access.RootWrite | Access.RootCreate | Access.ChildWrite | Access.ChildCreate);
        var updates = entity.Has(Access.RootWrite | Access.ChildWrite);
        var deletes = entity.Has(Access.ChildDelete | Access.RootDelete);
        var queries = entity.Has(Access.Query);
        return Answer.Json(200, new JsonObject
        {
            ["info"] = new JsonObject
            {
                ["name"] = entity.Singular,
                ["canCreate"] = creates,
                ["canDelete"] = deletes,
                ["canQuery"] = queries,
                ["canUpdate"] = updates,
                ["userAccessForCreate"] = Level(creates && !blind),
                ["userAccessForDelete"] = Level(deletes && !blind),
                ["userAccessForQuery"] = Level(queries && !blind),
                ["userAccessForUpdate"] = Level(updates && !blind),
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

    public static Answer UserDefinedFields(EntityDescription entity, UserDefinedFields fields) =>
        Answer.Json(200, new JsonObject { ["fields"] = new JsonArray([.. fields.Of(entity).Select(field => field.ToJson())]) });

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
        ["picklistParentValueField"] = field.PicklistParent ?? "",
        ["isSupportedWebhookField"] = false,
    };
}
