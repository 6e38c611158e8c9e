using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Secrets;

/// <summary>What a program does about the key ring before it works: see whether it can be read, and seal what still lies open.</summary>
public static class KeyRingStart
{
    /// <summary>
    /// Compares the ring with the key file. A ring without any sealed key gets one, which protects from then on, and secrets that an open key protects are protected anew. One program at a time; whoever
    /// comes later finds it done.
    /// </summary>
    /// <param name="services">With the vault, as <see cref="SecretVault.AddTo"/> adds it.</param>
    /// <exception cref="SecretKeyException">The ring is sealed with another file, or this program was given none.</exception>
    public static async Task Begin(NpgsqlDataSource database, IServiceProvider services, TimeProvider clock, CancellationToken cancellation)
    {
        var file = services.GetService<KeyFile>();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (file is not null) await connection.Do("Secrets/lock", _ => { }, cancellation);
        var ring = await Ring(connection, cancellation);
        Refuse(ring, file);
        if (file is null) return;
        if (ring.TrueForAll(sealedWith => sealedWith is null))
        {
            var now = clock.GetUtcNow();
            services.GetRequiredService<IKeyManager>().CreateNewKey(now, now + services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.NewKeyLifetime);
        }

        if (ring.Contains(null)) await SealSecrets(connection, services.GetRequiredService<SecretVault>(), cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Whether any key of the ring is sealed with a key file.</summary>
    public static async Task<bool> IsSealed(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return (await Ring(connection, cancellation)).Exists(sealedWith => sealedWith is not null);
    }

    private static Task<List<string?>> Ring(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.Rows("Secrets/keys", _ => { }, row => SealedKey.FileOf(XElement.Parse(row.GetString(0))), cancellation);

    private static void Refuse(List<string?> ring, KeyFile? file)
    {
        var sealedWith = ring.OfType<string>().ToList();
        if (sealedWith.Count > 0 && file is null)
            throw new SecretKeyException("The vendor secrets of this database are protected with a key file, and this program was given none: name it in UsageBilling__SecretsKeyFile.");
        if (file is not null && sealedWith.Exists(id => id != file.Id))
            throw new SecretKeyException($"The key file is not the one that protects the vendor secrets of this database ({sealedWith.First(id => id != file.Id)}, not {file.Id}): name the right one in UsageBilling__SecretsKeyFile.");
    }

    /// <summary>What cannot be read stays as it is: it is no worse than before, and somebody will store it anew.</summary>
    private static async Task SealSecrets(NpgsqlConnection connection, SecretVault vault, CancellationToken cancellation)
    {
        var stored = await connection.Rows("Secrets/stored", _ => { }, row => (Id: row.GetInt64(0), Msp: row.GetInt64(1), Secret: row.GetString(2)), cancellation);
        foreach (var (id, msp, secret) in stored)
        {
            if (Anew(vault, msp, secret) is { } anew) await connection.Do("Secrets/store_anew", command => command.With(id).With(secret).With(anew), cancellation);
        }
    }

    private static string? Anew(SecretVault vault, long msp, string secret)
    {
        try
        {
            return vault.ProtectAnew(msp, secret);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
