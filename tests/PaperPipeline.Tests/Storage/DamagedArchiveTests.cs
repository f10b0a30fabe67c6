using PaperPipeline.Cli;
using PaperPipeline.Storage.Archive;
using PaperPipeline.Storage.Index.Sqlite;

namespace PaperPipeline.Tests.Storage;

/// <summary>An archive of which files are lost or damaged: it is said, nothing else stops, and the same digest again mends it.</summary>
public sealed class DamagedArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("paperpipeline-damaged-").FullName;
    private readonly DigestArchive _archive;

    public DamagedArchiveTests() => _archive = new DigestArchive(Path.Combine(_folder, "archive"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_retrieval_record_that_cannot_be_read_is_left_out_and_written_again()
    {
        var digest = await StoreAsync("paper");
        await File.WriteAllTextAsync(Assert.Single(FilesOf(digest, "retrievals", "*.json")), "{", Token);

        Assert.Null(_archive.Find(digest));
        Assert.Equal(["damaged"], (await VerifyAsync()).Select(f => f.Kind).Distinct());
        await StoreAsync("paper");

        Assert.Equal("paper", _archive.Find(digest)!.First.Name);
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task Bytes_that_are_damaged_or_lost_are_found_and_are_whole_again_once_they_come_again()
    {
        var (damaged, lost) = (await StoreAsync("damaged"), await StoreAsync("lost"));
        await File.AppendAllTextAsync(BytesOf(damaged), "x", Token);
        File.Delete(BytesOf(lost));

        Assert.Equal(
            [("damaged", damaged), ("missing", lost)],
            (await VerifyAsync()).Select(f => (f.Kind, f.Digest!)).Order()
        );
        await StoreAsync("damaged");
        await StoreAsync("lost");

        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task A_digest_that_the_ledger_alone_knows_is_found()
    {
        var digest = await StoreAsync("gone");
        Directory.Delete(_archive.Root, recursive: true);

        var found = Assert.Single(await VerifyAsync());
        Assert.Equal(("missing", digest, false), (found.Kind, found.Digest, found.IsMendable));
    }

    [Fact]
    public async Task A_replay_reads_what_is_whole_and_tells_pruned_digests_from_lost_and_damaged_ones()
    {
        var (whole, pruned) = (await StoreAsync("whole"), await StoreAsync("pruned"));
        var (damaged, lost) = (await StoreAsync("damaged"), await StoreAsync("lost"));
        _archive.Delete(pruned);
        await File.AppendAllTextAsync(BytesOf(damaged), "x", Token);
        File.Delete(BytesOf(lost));

        var choice = await new ReplaySelection().ChooseAsync(_archive, null, Token);

        Assert.Equal([whole], choice.Digests.Select(d => d.Digest));
        Assert.Equal([pruned], choice.Deleted);
        Assert.Equal(new[] { damaged, lost }.Order(), choice.Damaged.Order());
        Assert.Collection(
            choice.Lines(),
            line => Assert.Contains(pruned[..12], line, StringComparison.Ordinal),
            line => Assert.StartsWith("2 digests not replayed", line, StringComparison.Ordinal)
        );
        Assert.DoesNotContain(await VerifyAsync(), finding => finding.Digest == pruned);
    }

    private async Task<string> StoreAsync(string name)
    {
        var at = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        var digest = await ArchivedDigest.StoreAsync(_archive, name, at, Token);
        await using var store = Open();
        await ArchivedDigest.SettleAsync(store, digest, Token);
        return digest;
    }

    private SqliteStore Open() => SqliteStore.Open(Path.Combine(_folder, "papers.db"), write: true)!;

    private async Task<List<Finding>> VerifyAsync()
    {
        await using var store = Open();
        return (await Verification.RunAsync(_archive, store, Token)).Findings;
    }

    private string BytesOf(string digest) => Assert.Single(FilesOf(digest, "blobs", digest));

    private string[] FilesOf(string digest, string kind, string pattern) =>
        [
            .. Directory
                .GetFiles(Path.Combine(_archive.Root, kind), pattern, SearchOption.AllDirectories)
                .Where(path => path.Contains(digest, StringComparison.Ordinal)),
        ];
}
