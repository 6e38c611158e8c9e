using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace UsageBilling.Runtime.Secrets;

/// <summary>Seals each new key of the ring with the key file. The library calls it for whatever part of a key is secret.</summary>
internal sealed class KeySealer(KeyFile file) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var (nonce, tag, sealedBytes) = file.Seal(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)));
        return new(SealedKey.Element(file.Id, nonce, tag, sealedBytes), typeof(KeyOpener));
    }
}

/// <summary>Opens a sealed key. Its name is stored beside each key, and the library makes one by that name: it may not be renamed or moved.</summary>
internal sealed class KeyOpener(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var file = services.GetService<KeyFile>() ?? throw new CryptographicException("The key is sealed with a key file, and this program was given none.");
        return XElement.Parse(Encoding.UTF8.GetString(SealedKey.Open(encryptedElement, file)));
    }
}

/// <summary>How a sealed key is written down.</summary>
internal static class SealedKey
{
    private const string Name = "sealedKey";
    private const string File = "keyFile";
    private const string Nonce = "nonce";
    private const string Tag = "tag";

    public static XElement Element(string file, byte[] nonce, byte[] tag, byte[] sealedBytes) => new(
        Name, new XAttribute(File, file), new XAttribute(Nonce, Convert.ToBase64String(nonce)), new XAttribute(Tag, Convert.ToBase64String(tag)), Convert.ToBase64String(sealedBytes));

    /// <summary>The id of the file that a key of the ring is sealed with; null when it lies open.</summary>
    public static string? FileOf(XElement key) => (string?)key.Descendants(Name).FirstOrDefault()?.Attribute(File);

    public static byte[] Open(XElement element, KeyFile file) => file.Open(Bytes((string?)element.Attribute(Nonce)), Bytes((string?)element.Attribute(Tag)), Bytes(element.Value));

    private static byte[] Bytes(string? text)
    {
        var bytes = new byte[text?.Length ?? 0];
        return Convert.TryFromBase64String(text ?? "", bytes, out var length) ? bytes[..length] : throw new CryptographicException("A sealed key is not as it was written.");
    }
}
