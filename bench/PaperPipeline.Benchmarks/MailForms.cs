using static PaperPipeline.Benchmarks.DigestForm;

namespace PaperPipeline.Benchmarks;

/// <summary>Mails, and what people write by hand.</summary>
internal static class MailForms
{
    private static readonly string Line = new('-', 78);

    /// <summary>The mail of Hugging Face's daily papers, as HTML.</summary>
    public static DigestForm HuggingfaceMail { get; } =
        new(
            _ => "<div><h1>Daily Papers</h1><p>Here is the selection of papers for today (6 Oct):</p><ul>",
            (paper, id) => $"""<li><a href="https://huggingface.co/papers/{id}">{Text(paper.Title)} (113 ▲)</a></li>""",
            "</ul><p>Onwards and upwards,<br>AK and the research community</p></div>"
        );

    /// <summary>Hugging Face's daily papers as YAML.</summary>
    public static DigestForm HuggingfaceYaml { get; } =
        new(
            _ => "---",
            (paper, id) =>
                $"""
                    date: "2026-09-30"
                    author: {Authors[0]}
                    title: '{paper.Title}'
                    link: https://huggingface.co/papers/{id}
                    summary: {paper.Abstract}
                    """,
            "",
            "\n---\n"
        );

    /// <summary>A page of arXiv's new papers.</summary>
    public static DigestForm ArxivPage { get; } =
        new(
            count =>
                $"<html><head><title>Artificial Intelligence</title></head><body><dl id='articles'><h3>New submissions (showing {count} of {count} entries)</h3>",
            (paper, id) =>
                $"""
                    <dt><a>[{int.Parse(id[5..], System.Globalization.CultureInfo.InvariantCulture) + 1}]</a> <a href ="/abs/{id}" title="Abstract" id="{id}">arXiv:{id}</a> [<a href="/pdf/{id}" title="Download PDF">pdf</a>, <a href="/format/{id}">other</a>]</dt>
                    <dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span> {Text(
                        paper.Title
                    )}</div>
                    <div class='list-authors'>{string.Join(
                        ", ",
                        Authors.Select(name => $"<a href=\"https://arxiv.org/search/cs\">{name}</a>")
                    )}</div>
                    <div class='list-subjects'><span class='descriptor'>Subjects:</span> <span class="primary-subject">Artificial Intelligence (cs.AI)</span></div>
                    <p class='mathjax'>{Text(paper.Abstract)}</p></div></dd>
                    """,
            "</dl></body></html>"
        );

    /// <summary>The listing that arXiv mails each day.</summary>
    public static DigestForm ArxivMail { get; } =
        new(
            count =>
                $"""
                    Date: Fri, 17 Mar 23 00:31:14 GMT
                    Subject: cs daily {count} new +  crosses received

                    {Line}
                    {Line}
                    Send any comments regarding submissions directly to submitter.
                    {Line}
                    received from  Wed 15 Mar 23 18:00:00 GMT  to  Thu 16 Mar 23 18:00:00 GMT
                    {Line}
                    """,
            (paper, id) =>
                $"""
                    \\
                    arXiv:{id}
                    Date: Wed, 15 Mar 2023 18:34:08 GMT   (243kb,D)

                    Title: {paper.Title}
                    Authors: {AuthorLine}
                    Categories: cs.AI cs.CL
                    Comments: 12 pages
                    \\
                      {Wrap(paper.Abstract)}
                    \\ ( https://arxiv.org/abs/{id} ,  243kb)
                    {Line}
                    """,
            """
            %-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%
            %%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%
            %%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---
            """
        );

    /// <summary>Records as arXiv keeps them.</summary>
    public static DigestForm ArxivAbs { get; } =
        new(
            _ => Line,
            (paper, id) =>
                $"""
                    \\
                    arXiv:{id}
                    From: {Authors[0]} <lantern@example.org>
                    Date: Mon, 2 Apr 2007 06:25:15 GMT   (26kb)

                    Title: {paper.Title}
                    Authors: {AuthorLine}
                    Categories: cs.AI cs.CL
                    Comments: 12 pages
                    \\
                      {Wrap(paper.Abstract)}
                    \\
                    {Line}
                    """,
            ""
        );

    /// <summary>An alert of Google Scholar, as HTML.</summary>
    public static DigestForm ScholarAlert { get; } =
        new(
            _ => "<!doctype html><html><head></head><body><div>",
            (paper, id) =>
                $"""
                    <h3 style="font-weight:normal"><span>[PDF]</span> <a href="http://scholar.google.com/scholar_url?url=https://arxiv.org/pdf/{id}&amp;hl=en&amp;sa=X&amp;scisig=AAGB&amp;oi=scholaralrt" class="gse_alrt_title">{Text(
                        paper.Title
                    )}</a></h3>
                    <div>A Lantern, B Harbour, CM Bridge - arXiv preprint arXiv:{id}, 2026</div>
                    <div class="gse_alrt_sni">{Text(paper.Abstract[..Math.Min(200, paper.Abstract.Length)])}…</div>
                    <table><tbody><tr><td><a href="http://scholar.google.com/scholar_share?url=https://arxiv.org/pdf/{id}">Share</a></td></tr></tbody></table>
                    """,
            "</div></body></html>"
        );

    /// <summary>A table in Markdown.</summary>
    public static DigestForm Markdown { get; } =
        new(
            _ =>
                """
                    ## Papers for 2026-09-30

                    | Title | Authors | Abstract |
                    |-------|---------|----------|
                    """,
            (paper, id) =>
                $"| {paper.Title} (Read more on [arXiv](https://arxiv.org/abs/{id}) or [HuggingFace](https://huggingface.co/papers/{id})) | {AuthorLine} | {paper.Abstract.Replace('|', '/')} |",
            ""
        );

    /// <summary>A page of a newsletter.</summary>
    public static DigestForm Newsletter { get; } =
        new(
            _ => "<!doctype html><html><head><title>A letter</title></head><body><h1>Papers of the week</h1>",
            (paper, id) =>
                $"""
                    <table><tr><td><h3><a href="https://arxiv.org/abs/{id}">{Text(paper.Title)}</a></h3>
                    <p>{AuthorLine}</p><p>{Text(paper.Abstract)}</p>
                    <p><a href="https://github.com/lamp/bridges">Code</a> · <a href="https://letter.example/share">Share</a></p></td></tr></table>
                    """,
            "<p>Until next week!</p></body></html>"
        );
}
