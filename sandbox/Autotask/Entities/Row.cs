using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>Typed looks into a row. Names starting with <c>_</c> are kept for the sandbox and never shown.</summary>
internal static class Row
{
    public const string UnitPrice = "_unitPrice";
    public const string UnitCost = "_unitCost";
    public const string UserDefined = "_userDefined";

    public static long? Long(JsonObject row, string name) => (long?)(decimal?)FieldValue.Read(FieldType.Long, row[name]);

    public static decimal? Decimal(JsonObject row, string name) => (decimal?)FieldValue.Read(FieldType.Decimal, row[name]);

    public static string? Text(JsonObject row, string name) => (string?)FieldValue.Read(FieldType.Text, row[name]);

    public static bool Flag(JsonObject row, string name) => FieldValue.Read(FieldType.Flag, row[name]) is true;

    public static DateOnly? Day(JsonObject row, string name) =>
        FieldValue.Read(FieldType.Instant, row[name]) is DateTime instant ? DateOnly.FromDateTime(instant) : null;

    /// <summary>A row as the api shows it: every property present, in order, null where nothing is known.</summary>
    public static JsonObject Shown(AutotaskState state, EntityDescription entity, JsonObject row, IReadOnlyList<FieldDescription>? include)
    {
        var shown = new JsonObject();
        foreach (var field in include ?? entity.Fields)
        {
            if (!field.IsWriteOnly)
                shown[field.Name] = row[field.Name]?.DeepClone();
        }

        if (entity.HasUserDefinedFields && include is null)
            shown["userDefinedFields"] = state.UserDefinedFields.Shown(entity, row);
        return shown;
    }
}
