namespace UsageBilling.Sandbox;

/// <summary>The credentials of the demo. They open nothing outside this process, so they are no secret.</summary>
public static class Demo
{
    public const string AutotaskUser = "api@demo.example";
    public const string IntegrationCode = "DEMOINTEGRATIONCODE0000001";
    public const string BmsUser = "api@demo.example";
    public const string ClientId = "demo-client";
    public const string Secret = "demo-secret";
}
