using System.Security.Cryptography;
using System.Text;

namespace UsageBilling.Runtime.Secrets;

/// <summary>
/// 32 random bytes in a file outside the database, as base64. They protect the key ring, and with it every secret: who has the database alone has none of them, who has lost the file has none either.
/// </summary>
public sealed class KeyFile
{
    /// <summary>What the setting says where nothing is to be protected.</summary>
    public const string None = "none";

    private const int KeyBytes = 32;
    private const int TagBytes = 16;
    private const int NonceBytes = 12;
    private const int FileBytesMax = 1024;

    private readonly byte[] key;

    private KeyFile(byte[] key)
    {
        this.key = key;
        Id = Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 8));
    }

    /// <summary>By which a file is told from another one; says nothing about the key.</summary>
    public string Id { get; }

    /// <summary>What <c>UsageBilling__SecretsKeyFile</c> says.</summary>
    /// <returns>The path, null for <see cref="None"/>; or one sentence about what is wrong.</returns>
    public static (string? Path, string? Objection) FromText(string? text) => text switch
    {
        null or "" => (null, "UsageBilling__SecretsKeyFile is not set: name the file whose key protects vendor secrets, the same for every silo and api; 'openssl rand -base64 32' makes one."),
        None => (null, null),
        _ => (text, null),
    };

    /// <summary>The key of a file.</summary>
    /// <exception cref="SecretKeyException">There is no such file, it cannot be read, or it holds no key.</exception>
    public static KeyFile Read(string path)
    {
        try
        {
            var text = new FileInfo(path).Length <= FileBytesMax ? File.ReadAllText(path).Trim() : "";
            var bytes = new byte[KeyBytes + 1];
            return Convert.TryFromBase64String(text, bytes, out var length) && length == KeyBytes
                ? new(bytes[..KeyBytes])
                : throw new SecretKeyException($"The key file {path} does not hold a key: 32 bytes as base64, as 'openssl rand -base64 32' makes them.");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SecretKeyException($"The key file {path} is not there: without it no vendor secret can be read. Bring it back, or name the right one in UsageBilling__SecretsKeyFile.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SecretKeyException($"The key file {path} cannot be read: {fault.Message}");
        }
    }

    /// <summary>Makes a file with a new key that only its owner may read; one that is there stays.</summary>
    public static void MakeIfMissing(string path)
    {
        if (File.Exists(path)) return;
        var unfinished = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: false);
    }

    /// <summary>Encrypts, so that a change of any bit is noticed.</summary>
    internal (byte[] Nonce, byte[] Tag, byte[] Sealed) Seal(ReadOnlySpan<byte> open)
    {
        var (nonce, tag, sealedBytes) = (RandomNumberGenerator.GetBytes(NonceBytes), new byte[TagBytes], new byte[open.Length]);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, open, sealedBytes, tag);
        return (nonce, tag, sealedBytes);
    }

    /// <summary>Decrypts.</summary>
    /// <exception cref="CryptographicException">It was sealed with another key, or changed since.</exception>
    internal byte[] Open(byte[] nonce, byte[] tag, byte[] sealedBytes)
    {
        var open = new byte[sealedBytes.Length];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(nonce, sealedBytes, tag, open);
        return open;
    }
}

/// <summary>The hub cannot read the secrets of this database. The message is one sentence for an operator and holds no key.</summary>
public sealed class SecretKeyException : Exception
{
    /// <summary>Says why.</summary>
    public SecretKeyException(string message)
        : base(message)
    {
    }
}
