using System.Reflection;
using System.Text.RegularExpressions;

namespace UsageBilling.Tests.System.Conventions;

/// <summary>How types and methods look and what they are called.</summary>
public sealed partial class ShapeTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Common", "Base", "Data", "Info", "Dto"];

    /// <summary>Minimal APIs find it by this name.</summary>
    private static readonly string[] CalledByTheFramework = ["BindAsync"];

    [Fact]
    public void Classes_are_sealed_unless_they_are_closed_unions_or_static() => Tree.Clean(
        Tree.Types.Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && type.Name != "Program").Select(type => $"{type.FullName} is not sealed"));

    [Fact]
    public void Abstract_records_are_closed_unions() => Tree.Clean(
        from type in Tree.Types
        where type is { IsAbstract: true, IsSealed: false, IsClass: true } && type.GetMethod("<Clone>$") is not null
        where type.GetConstructors(Declared).Any(constructor => !constructor.IsPrivate && constructor.GetParameters().Length == 0)
            || Tree.Types.Any(derived => derived != type && derived.BaseType is { } parent && Open(parent) == type && derived.DeclaringType != type)
        select $"{type.FullName} can be derived outside itself: give it a private constructor and nested sealed cases");

    [Fact]
    public void Names_are_nouns_of_the_trade() => Tree.Clean(
        from type in Tree.Types
        let word = Words().Matches(type.Name).Select(match => match.Value).FirstOrDefault(word => EmptyWords.Contains(word))
        where word is not null
        select $"{type.FullName} is called '{word}', which says nothing");

    [Fact]
    public void No_method_is_called_Async_because_there_is_no_other_version() => Tree.Clean(
        from type in Tree.Types
        from method in type.GetMethods(Declared)
        where method.Name.EndsWith("Async", StringComparison.Ordinal) || LocalFunction().IsMatch(method.Name)
        where !CalledByTheFramework.Contains(method.Name) && !IsPromisedElsewhere(type, method)
        select $"{type.FullName}.{method.Name}");

    private static Type Open(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static bool IsPromisedElsewhere(Type type, MethodInfo method) =>
        (method.GetBaseDefinition().DeclaringType is { } origin && !Tree.IsOurs(origin))
        || (!type.IsInterface && type.GetInterfaces().Where(promise => !Tree.IsOurs(promise)).Any(promise => type.GetInterfaceMap(promise).TargetMethods.Contains(method)));

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z][a-z]*")]
    private static partial Regex Words();

    [GeneratedRegex(@"g__\w+Async\|")]
    private static partial Regex LocalFunction();
}
