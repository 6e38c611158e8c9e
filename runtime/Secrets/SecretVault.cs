using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace UsageBilling.Runtime.Secrets;

/// <summary>Encrypts vendor secrets at rest, with a purpose per msp: one msp's ciphertext is useless to another.</summary>
public sealed class SecretVault(IDataProtectionProvider provider)
{
    /// <summary>What is stored for a secret.</summary>
    public string Protect(long msp, string secret) => Protector(msp).Protect(secret);

    /// <summary>The secret itself: for a call, or for a superuser who asks on record; never logged.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It was protected for another msp, or its key is gone.</exception>
    public string Reveal(long msp, string stored) => Protector(msp).Unprotect(stored);

    /// <summary>Adds the vault with its key ring in the database.</summary>
    /// <param name="keyFile">Protects the ring; null leaves new keys open for whoever has the database.</param>
    public static IServiceCollection AddTo(IServiceCollection services, NpgsqlDataSource database, KeyFile? keyFile = null)
    {
        services.AddDataProtection().SetApplicationName("usagebilling");
        services.Configure<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new KeyRing(database, sealing: keyFile is not null);
            if (keyFile is not null) options.XmlEncryptor = new KeySealer(keyFile);
        });
        if (keyFile is not null) services.AddSingleton(keyFile);
        return services.AddSingleton<SecretVault>();
    }

    /// <summary>What to store for a secret that is not protected by the ring's present key; null when it is.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">As for <see cref="Reveal"/>.</exception>
    internal string? ProtectAnew(long msp, string stored)
    {
        var protector = (IPersistedDataProtector)Protector(msp);
        var secret = protector.DangerousUnprotect(WebEncoders.Base64UrlDecode(stored), ignoreRevocationErrors: false, out var outdated, out _);
        return outdated ? WebEncoders.Base64UrlEncode(protector.Protect(secret)) : null;
    }

    private IDataProtector Protector(long msp) => provider.CreateProtector($"vendor-secret/{msp.ToString(CultureInfo.InvariantCulture)}");
}
