namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>Which verbs an entity has, and where.</summary>
[Flags]
internal enum Access
{
    None = 0,

    /// <summary><c>/{Entity}/query</c>, <c>/count</c>, <c>/{id}</c>.</summary>
    Query = 1,

    /// <summary>POST, PATCH and PUT on <c>/{Entity}</c>.</summary>
    RootWrite = 2,

    /// <summary>POST alone on <c>/{Entity}</c>.</summary>
    RootCreate = 4,

    /// <summary>GET of the list and of one under the parent.</summary>
    ChildRead = 8,

    /// <summary>POST, PATCH and PUT under the parent.</summary>
    ChildWrite = 16,

    /// <summary>POST alone under the parent.</summary>
    ChildCreate = 32,

    /// <summary>DELETE of one under the parent.</summary>
    ChildDelete = 64,

    /// <summary>DELETE of <c>/{Entity}/{id}</c>.</summary>
    RootDelete = 128,
}

/// <summary>The url under which a child entity is written and listed.</summary>
/// <param name="Parent">Plural of the parent, for example <c>Contracts</c>.</param>
/// <param name="Segment">For example <c>ServiceUnits</c>.</param>
/// <param name="Field">The child's property that names the parent.</param>
internal sealed record ChildUrl(string Parent, string Segment, string Field);

/// <summary>One entity: its names, its verbs and its properties in wire order.</summary>
internal sealed class EntityDescription
{
    private readonly Dictionary<string, FieldDescription> byName;

    public EntityDescription(string plural, string singular, Access access, ChildUrl? child, bool hasUserDefinedFields, string fields)
    {
        Plural = plural;
        Singular = singular;
        Access = access;
        Child = child;
        HasUserDefinedFields = hasUserDefinedFields;
        Fields = [.. fields.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(FieldDescription.FromLine)];
        byName = Fields.ToDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase);
    }

    public string Plural { get; }

    public string Singular { get; }

    public Access Access { get; }

    public ChildUrl? Child { get; }

    public bool HasUserDefinedFields { get; }

    public IReadOnlyList<FieldDescription> Fields { get; }

    public bool Has(Access access) => (Access & access) != 0;

    /// <summary>A field by name in any casing.</summary>
    public FieldDescription? Field(string name) => byName.GetValueOrDefault(name);
}
