package ai.tatbot.state.server.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** A page, read from Markdown: its title, its sections, and its HTML, whose links are those of the documentation. */
final class MarkdownPage {
    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), HeadingAnchorExtension.create());
    private static final Set<String> WIDE = Set.of("pre", "table");
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder()
            .extensions(EXTENSIONS)
            // So that who has no mouse can reach what is wider than the page, and move it.
            .attributeProviderFactory(context -> (node, tag, attributes) -> {
                if (WIDE.contains(tag)) {
                    attributes.put("tabindex", "0");
                }
            })
            .build();

    private final String source;
    private final Node document;
    private final List<Section> sections = new ArrayList<>();
    private final List<String> links = new ArrayList<>();
    private String title = "";

    /** A heading of the second level, and the links below it. */
    record Section(String id, String title, List<Target> links) {}

    /** What a link of a page leads to, a path in the project, and how the page calls it. */
    record Target(String title, String source) {}

    /** @param source its path in the project, from which its links lead */
    MarkdownPage(String source, String markdown) {
        this.source = source;
        this.document = PARSER.parse(markdown);
        document.accept(new Outline());
    }

    /** Its first heading. */
    String title() {
        return title;
    }

    List<Section> sections() {
        return List.copyOf(sections);
    }

    /** Where its links and pictures on this site lead to, without anchors, as the page says it. */
    List<String> links() {
        return List.copyOf(links);
    }

    /** Its HTML. May be called once, since links are replaced. */
    String html(SiteMap map) {
        String path = map.path(source).orElseThrow();
        document.accept(new Relinking(map, path));
        return RENDERER.render(document);
    }

    /** A link to a place on the web, or on the page itself. */
    private static boolean isElsewhere(String destination) {
        return destination.startsWith("#") || destination.matches("[a-z][a-z0-9+.-]*:.*");
    }

    private static String withoutAnchor(String destination) {
        int anchor = destination.indexOf('#');
        return anchor < 0 ? destination : destination.substring(0, anchor);
    }

    private static String text(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code code) {
                text.append(code.getLiteral());
            }
        });
        return text.toString();
    }

    /** Finds title and sections. */
    private final class Outline extends AbstractVisitor {
        private final IdGenerator ids = IdGenerator.builder().build();

        @Override
        public void visit(Heading heading) {
            String text = text(heading);
            // For each, since a name that comes again gets a number.
            String id = ids.generateId(text);
            if (heading.getLevel() == 1 && title.isEmpty()) {
                title = text;
            } else if (heading.getLevel() == 2) {
                sections.add(new Section(id, text, new ArrayList<>()));
            }
        }

        @Override
        public void visit(Image image) {
            note(image.getDestination());
        }

        private void note(String destination) {
            if (!isElsewhere(destination)) {
                links.add(withoutAnchor(destination));
            }
        }

        @Override
        public void visit(Link link) {
            note(link.getDestination());
            // A link may be around a picture.
            visitChildren(link);
            if (!sections.isEmpty() && !isElsewhere(link.getDestination())) {
                sections.get(sections.size() - 1)
                        .links()
                        .add(new Target(text(link), SiteMap.resolve(source, withoutAnchor(link.getDestination()))));
            }
        }
    }

    /** Makes links between files links between pages; what is no page of the documentation is named only. */
    private final class Relinking extends AbstractVisitor {
        private final SiteMap map;
        private final String path;

        Relinking(SiteMap map, String path) {
            this.map = map;
            this.path = path;
        }

        private Optional<String> address(String destination) {
            if (isElsewhere(destination)) {
                return Optional.of(destination);
            }
            String file = withoutAnchor(destination);
            return map.path(SiteMap.resolve(source, file))
                    .map(target -> SiteMap.relative(path, target) + destination.substring(file.length()));
        }

        @Override
        public void visit(Link link) {
            visitChildren(link);
            Optional<String> address = address(link.getDestination());
            if (address.isPresent()) {
                link.setDestination(address.get());
            } else {
                while (link.getFirstChild() != null) {
                    link.insertBefore(link.getFirstChild());
                }
                link.unlink();
            }
        }

        @Override
        public void visit(Image image) {
            address(image.getDestination()).ifPresent(image::setDestination);
        }

        /** Comments, which tell the tests what runs a block. */
        @Override
        public void visit(HtmlBlock comment) {
            comment.unlink();
        }

        @Override
        public void visit(HtmlInline comment) {
            comment.unlink();
        }
    }
}
