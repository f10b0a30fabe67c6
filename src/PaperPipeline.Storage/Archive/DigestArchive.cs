using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PaperPipeline.Contracts;

namespace PaperPipeline.Storage.Archive;

/// <summary>
/// The raw archive in a directory: <c>blobs/ab/&lt;sha-256&gt;</c>, <c>retrievals/ab/&lt;sha-256&gt;/&lt;record&gt;.json</c>
/// and <c>decisions/ab/&lt;sha-256&gt;.json</c>.
/// Every file is written under a temporary name, flushed to the disk and renamed: it is there whole or not at all.
/// Readable by its owner only.
/// </summary>
public sealed class DigestArchive(string root)
{
    /// <summary>How much is kept of a digest that exceeds its limit, in bytes.</summary>
    public const int ExcerptSize = 64 * 1024;

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The directory.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>
    /// Streams a digest into the archive and writes its retrieval record. Known bytes are kept once; a retrieval with
    /// the same source, name and day is recorded once.
    /// </summary>
    /// <param name="content">The bytes; read up to one byte past <paramref name="limit"/>.</param>
    /// <param name="limit">Greatest size in bytes; beyond, only the first 64 KiB are kept.</param>
    /// <param name="describe">Makes the record once digest, size and exceeded limit are known.</param>
    public async Task<RetrievalRecord> StoreAsync(
        Stream content,
        long limit,
        Func<string, long, long?, RetrievalRecord> describe,
        CancellationToken cancellationToken
    )
    {
        var folder = CreateFolder(Path.Combine(Root, "incoming"));
        var temporary = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        try
        {
            var (digest, size, exceeded) = await ReceiveAsync(content, temporary, limit, cancellationToken);
            var blob = BlobPath(digest);
            // What was damaged since it was stored is whole again.
            if (!await IsSoundAsync(digest, cancellationToken))
            {
                CreateFolder(Path.GetDirectoryName(blob)!);
                File.Move(temporary, blob, overwrite: true);
                SyncFolder(Path.GetDirectoryName(blob)!);
            }
            var record = describe(digest, size, exceeded ? limit : null);
            WriteRecord(record);
            return record;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Opens the bytes of a digest.</summary>
    /// <exception cref="FileNotFoundException">The archive does not hold it.</exception>
    public Stream OpenRead(string digest) => File.OpenRead(BlobPath(digest));

    /// <summary>True when the bytes of the digest are there.</summary>
    public bool Holds(string digest) => File.Exists(BlobPath(digest));

    /// <summary>True when the bytes are there and are those that the digest's identity says.</summary>
    public async Task<bool> IsSoundAsync(string digest, CancellationToken cancellationToken)
    {
        if (!Holds(digest))
            return false;
        await using var content = OpenRead(digest);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)) == digest;
    }

    /// <summary>
    /// Deletes the bytes of a digest; what is recorded of its retrieval stays, so that it counts as known, and a mark beside
    /// it says that they are not lost.
    /// </summary>
    public void Delete(string digest)
    {
        File.WriteAllBytes(DeletedPath(digest), []);
        SyncFolder(RecordFolder(digest));
        File.Delete(BlobPath(digest));
        SyncFolder(Path.GetDirectoryName(BlobPath(digest))!);
    }

    /// <summary>True when the bytes of the digest were deleted on purpose.</summary>
    public bool IsDeleted(string digest) => !Holds(digest) && File.Exists(DeletedPath(digest));

    /// <summary>What the retrieval records of a digest say; null when there are none. Damaged ones are left out.</summary>
    public Retrieval? Find(string digest)
    {
        var records = Records(digest).Select(Read).OfType<RetrievalRecord>().ToList();
        return records.Count == 0 ? null : Retrieval.Of(records);
    }

    /// <summary>True when a retrieval record of the digest cannot be read.</summary>
    public bool HasDamagedRecord(string digest) => Records(digest).Any(path => Read(path) is null);

    /// <summary>All archived digests that have a retrieval record, in no particular order.</summary>
    public IEnumerable<string> Digests()
    {
        var folder = Path.Combine(Root, "retrievals");
        return Directory.Exists(folder)
            ? Directory
                .EnumerateDirectories(folder)
                .SelectMany(Directory.EnumerateDirectories)
                .Select(path => Path.GetFileName(path))
            : [];
    }

    /// <summary>
    /// Archives what a person decided, and gives it with its id: the SHA-256 of its bytes. It lies there whole or not at all,
    /// and is never changed.
    /// </summary>
    public DecisionMade Store(Decision decision)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(decision, ArchiveJson.Default.Decision);
        var made = new DecisionMade { Id = Convert.ToHexStringLower(SHA256.HashData(bytes)), Decision = decision };
        CreateFolder(Path.Combine(Root, "incoming"));
        WriteOnce(
            Path.Combine(CreateFolder(Path.Combine(Root, "decisions", made.Id[..2])), made.Id + ".json"),
            file => file.Write(bytes)
        );
        return made;
    }

    /// <summary>All archived decisions, in no particular order; one whose bytes are not what its id says is left out.</summary>
    public IEnumerable<DecisionMade> Decisions()
    {
        var folder = Path.Combine(Root, "decisions");
        if (!Directory.Exists(folder))
            yield break;
        foreach (var path in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(path);
            var id = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (
                id == Path.GetFileNameWithoutExtension(path)
                && JsonSerializer.Deserialize(bytes, ArchiveJson.Default.Decision) is { } decision
            )
                yield return new DecisionMade { Id = id, Decision = decision };
        }
    }

    /// <summary>Remembers that the digest was announced. Forgetting it does no harm: it is announced again.</summary>
    public void MarkAnnounced(string digest) => File.WriteAllBytes(AnnouncedPath(digest), []);

    /// <summary>True when the digest was announced before.</summary>
    public bool IsAnnounced(string digest) => File.Exists(AnnouncedPath(digest));

    /// <summary>Creates the directory and proves that it can be written to.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    public void EnsureWritable()
    {
        var probe = Path.Combine(CreateFolder(Path.Combine(Root, "incoming")), Guid.NewGuid().ToString("N"));
        using (File.Create(probe, 1, FileOptions.DeleteOnClose)) { }
    }

    /// <summary>Proves that the directory is there and can be read.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public void EnsureReadable()
    {
        using var entries = Directory.EnumerateFileSystemEntries(Root).GetEnumerator();
        entries.MoveNext();
    }

    /// <summary>Why a check fails, in one line; null when it does not.</summary>
    public static string? Trouble(Action check)
    {
        ArgumentNullException.ThrowIfNull(check);
        try
        {
            check();
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message.ReplaceLineEndings(" ");
        }
    }

    private static async Task<(string Digest, long Size, bool Exceeded)> ReceiveAsync(
        Stream content,
        string path,
        long limit,
        CancellationToken cancellationToken
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = CreateFile(path);
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            if (file.Length <= limit)
                continue;
            file.SetLength(Math.Min(ExcerptSize, file.Length));
            file.Position = 0;
            var excerpt = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
            file.Flush(flushToDisk: true);
            return (excerpt, file.Length, true);
        }
        file.Flush(flushToDisk: true);
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), file.Length, false);
    }

    private void WriteRecord(RetrievalRecord record)
    {
        var folder = CreateFolder(RecordFolder(record.Digest));
        var key = SHA256.HashData(Encoding.UTF8.GetBytes($"{record.Source}\n{record.Name}\n{record.Day:yyyy-MM-dd}"));
        var path = Path.Combine(folder, Convert.ToHexStringLower(key.AsSpan(0, 16)) + ".json");
        if (File.Exists(path) && Read(path) is null)
            File.Delete(path);
        WriteOnce(path, file => JsonSerializer.Serialize(file, record, ArchiveJson.Default.RetrievalRecord));
    }

    private void WriteOnce(string path, Action<Stream> write)
    {
        if (File.Exists(path))
            return;
        var temporary = Path.Combine(Root, "incoming", Guid.NewGuid().ToString("N"));
        try
        {
            using (var file = CreateFile(temporary))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
            SyncFolder(Path.GetDirectoryName(path)!);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private IEnumerable<string> Records(string digest) =>
        Directory.Exists(RecordFolder(digest)) ? Directory.EnumerateFiles(RecordFolder(digest), "*.json") : [];

    // Null where it is damaged: one record that nobody can read must not stop all other digests.
    private static RetrievalRecord? Read(string path)
    {
        using var file = File.OpenRead(path);
        try
        {
            return JsonSerializer.Deserialize(file, ArchiveJson.Default.RetrievalRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static FileStream CreateFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Owner;
        return new FileStream(path, options);
    }

    private static string CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
        return path;
    }

    // A rename is durable once its folder is. Where a folder cannot be opened as a file, the file system takes care.
    private static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            using var handle = File.OpenHandle(path);
            RandomAccess.FlushToDisk(handle);
        }
        catch (UnauthorizedAccessException) { }
    }

    private string BlobPath(string digest) => Path.Combine(Root, "blobs", Checked(digest)[..2], digest);

    private string AnnouncedPath(string digest) => Path.Combine(RecordFolder(digest), "announced");

    private string DeletedPath(string digest) => Path.Combine(RecordFolder(digest), "deleted");

    private string RecordFolder(string digest) => Path.Combine(Root, "retrievals", Checked(digest)[..2], digest);

    private static string Checked(string digest) =>
        digest.Length == 64 && digest.All(char.IsAsciiHexDigitLower)
            ? digest
            : throw new ArgumentException("A digest is 64 lower-case hexadecimal digits.", nameof(digest));
}
