using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace UsageBilling.Tests.System.Conventions;

/// <summary>A decision compiles without a database, a clock or a network; the sandbox shares no type with the connectors; money is exact.</summary>
public sealed class PurityTests
{
    private static readonly string[] Outside = ["System.Net", "System.IO", "System.Data", "System.Diagnostics.Process", "Microsoft.", "Npgsql", "NodaTime", "Quartz"];

    private static readonly string[] Impure = [.. Outside, "System.Threading", "System.Console", "System.Random", "System.TimeProvider", "System.Diagnostics.Stopwatch"];

    private static readonly string[] Clocks =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid",
    ];

    [Fact]
    public void Interfaces_know_neither_network_nor_database_nor_files() => Tree.Clean(Uses("UsageBilling.Interfaces", Outside));

    [Fact]
    public void Grains_know_neither_network_nor_database_nor_files_nor_clocks_nor_threads() => Tree.Clean(Uses("UsageBilling.Grains", Impure));

    [Fact]
    public void Grains_ask_their_surroundings_nothing() => Tree.Clean(Members("UsageBilling.Grains")
        // An iterator compares the thread that made it with the one that walks it: the compiler's doing, and harmless
        .Where(member => member.StartsWith("System.Environment.", StringComparison.Ordinal) && member != "System.Environment.get_CurrentManagedThreadId")
        .Concat(Members("UsageBilling.Grains").Where(member => Clocks.Contains(member))));

    [Fact]
    public void The_sandbox_shares_no_type_with_the_hub() => Tree.Clean(Uses("UsageBilling.Sandbox", ["UsageBilling."]).Where(use => !use.Contains(" UsageBilling.Sandbox", StringComparison.Ordinal)));

    [Fact]
    public void The_api_calls_no_vendor() => Tree.Clean(Uses("UsageBilling.Api", ["UsageBilling.Connectors", "System.Net.Http.HttpClient", "System.Net.Sockets"]));

    [Fact]
    public void Money_and_units_are_never_floating() => Tree.Clean(
        from type in Tree.Types
        where type.Namespace!.StartsWith("UsageBilling.Grains", StringComparison.Ordinal) || type.Namespace == "UsageBilling.Interfaces.Values"
        from floating in Floating(type)
        select $"{type.FullName}.{floating} is a floating number");

    private static IEnumerable<string> Floating(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        static bool IsFloating(Type type) => (Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type) is var plain && (plain == typeof(double) || plain == typeof(float) || plain == typeof(Half))
            || type.GenericTypeArguments.Any(IsFloating);
        return type.GetFields(All).Where(field => IsFloating(field.FieldType)).Select(field => field.Name)
            .Concat(type.GetProperties(All).Where(property => IsFloating(property.PropertyType)).Select(property => property.Name))
            .Concat(type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All))
                .Where(method => method.GetParameters().Any(parameter => IsFloating(parameter.ParameterType))
                    || (method is MethodInfo { ReturnType: var answer } && IsFloating(answer))
                    || method.GetMethodBody()?.LocalVariables.Any(local => IsFloating(local.LocalType)) == true)
                .Select(method => method.Name));
    }

    private static List<string> Uses(string assembly, string[] forbidden)
    {
        using var file = new PEReader(File.OpenRead(Assembly.Load(assembly).Location));
        var metadata = file.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")
            .Where(name => forbidden.Any(word => name.StartsWith(word, StringComparison.Ordinal)))
            .Select(name => $"{assembly} uses {name}")];
    }

    private static List<string> Members(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Assembly.Load(assembly).Location));
        var metadata = file.GetMetadataReader();
        return [.. metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => (Type: metadata.GetTypeReference((TypeReferenceHandle)member.Parent), member.Name))
            .Select(member => $"{metadata.GetString(member.Type.Namespace)}.{metadata.GetString(member.Type.Name)}.{metadata.GetString(member.Name)}")];
    }
}
