using System.Runtime.CompilerServices;
using UsageBilling.Runtime.Secrets;

namespace UsageBilling.Tests.System.Hosting;

/// <summary>Databases of tests hold secrets of pretended vendors: programs started by tests need no key file, as the silos and apis inside the tests need none.</summary>
internal static class Unprotected
{
    public const string Setting = "UsageBilling__SecretsKeyFile";
    public const string Value = KeyFile.None;

#pragma warning disable CA2255 // every program that any test starts inherits it
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Inherited() => Environment.SetEnvironmentVariable(Setting, Value);
}
