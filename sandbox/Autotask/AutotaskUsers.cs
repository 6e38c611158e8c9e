namespace UsageBilling.Sandbox.Autotask;

/// <summary>The api users of the pretended tenant beside the demo's. They sign in with the demo's secret and integration code.</summary>
public static class AutotaskUsers
{
    /// <summary>Is told a zone that the tenant does not live in: there it signs in and finds nothing.</summary>
    public const string Stray = "stray@demo.example";

    /// <summary>Has a security level that shows it nothing.</summary>
    public const string Blind = "blind@demo.example";

    internal static bool Knows(string? user) => Same(user, Demo.AutotaskUser) || IsStray(user) || IsBlind(user);

    internal static bool IsStray(string? user) => Same(user, Stray);

    internal static bool IsBlind(string? user) => Same(user, Blind);

    private static bool Same(string? user, string known) => string.Equals(user, known, StringComparison.OrdinalIgnoreCase);
}
