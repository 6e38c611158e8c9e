using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace UsageBilling.Runtime.Secrets;

/// <summary>Encrypts vendor secrets at rest, with a purpose per msp: one msp's ciphertext is useless to another.</summary>
public sealed class SecretVault(IDataProtectionProvider provider)
{
    /// <summary>What is stored for a secret.</summary>
    public string Protect(long msp, string secret) => Protector(msp).Protect(secret);

    /// <summary>The secret itself; never logged, never returned by the api.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It was protected for another msp, or its key is gone.</exception>
    public string Reveal(long msp, string stored) => Protector(msp).Unprotect(stored);

    /// <summary>Adds the vault with its key ring in the database.</summary>
    public static IServiceCollection AddTo(IServiceCollection services, NpgsqlDataSource database)
    {
        services.AddDataProtection().SetApplicationName("usagebilling");
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new KeyRing(database));
        return services.AddSingleton<SecretVault>();
    }

    private IDataProtector Protector(long msp) => provider.CreateProtector($"vendor-secret/{msp.ToString(CultureInfo.InvariantCulture)}");
}
