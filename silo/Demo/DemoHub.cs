namespace UsageBilling.Silo.Demo;

internal static class DemoHub
{
    public static Task<int> Run(DemoOptions options) => throw new DemoException($"The demo on port {options.Port} is not there yet.");
}
