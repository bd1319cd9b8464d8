import java.nio.file.Path;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.elasticsearch.xpack.esql.parser.EsqlBaseLexer;
import org.elasticsearch.xpack.esql.parser.EsqlBaseParser;
import org.elasticsearch.xpack.kql.parser.Kql;

/**
 * Parses files with Elasticsearch's own grammars, of KQL where the name ends in .kql, else of ES|QL, and prints a line for
 * each fault: file:line:column message.
 */
public class Syntax {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            var faults = new BaseErrorListener() {
                @Override
                public void syntaxError(
                    Recognizer<?, ?> recognizer, Object symbol, int line, int column, String message, RecognitionException cause
                ) {
                    System.out.println(file + ":" + line + ":" + column + " " + message.replaceAll("\\s+", " "));
                }
            };
            var text = CharStreams.fromPath(Path.of(file));
            if (file.endsWith(".kql")) {
                Kql.parse(text, faults);
                continue;
            }
            var lexer = new EsqlBaseLexer(text);
            var parser = new EsqlBaseParser(new CommonTokenStream(lexer));
            lexer.removeErrorListeners();
            parser.removeErrorListeners();
            lexer.addErrorListener(faults);
            parser.addErrorListener(faults);
            parser.singleStatement();
        }
    }
}
