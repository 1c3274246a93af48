/** The page loads uPlot from where the server has it; its types come from the package. */
export { default } from '../../node_modules/uplot/dist/uPlot.js';
